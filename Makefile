# Targets for people and for continuous integration alike.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)

.PHONY: run test build check bench fuzz chaos browsers web clean

## run: install what is missing, build, start the demonstration town in ./var
run:
	tools/deps.sh run
	$(MAKE) build
	exec bin/segnavia demo --data-dir var

## test: every test, those in a browser included
test:
	tools/deps.sh test
	$(MAKE) build
	tools/test.sh

## build: bin/segnavia, one file with the pages in it
build: web
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/segnavia ./cmd/segnavia

## web: the browser's part, when its sources are newer
web:
	tools/web.sh

## check: format, linters, layout, types
check:
	tools/check.sh

## bench: the benchmarks, without the tests
bench:
	go test -run '^$$' -bench . -benchmem ./...

## fuzz: each fuzz target for FUZZTIME (60s)
fuzz:
	tools/fuzz.sh

## chaos: crashes, power cuts and full disks against a running program
chaos:
	@if [ -x tools/chaos.sh ]; then tools/chaos.sh; else echo "make chaos: not written yet" >&2; exit 2; fi

## browsers: the pages in Debian's Firefox and WebKit, which it installs
browsers:
	tools/deps.sh browsers
	$(MAKE) build
	tools/e2e.sh browsers

## clean: what was built, not what was stored
clean:
	rm -rf bin web/dist/* web/node_modules
