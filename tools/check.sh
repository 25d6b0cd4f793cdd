#!/bin/sh
# Reads the code without running it: format, linters, layout, types. The linter
# lies in bin/tools, so that its modules stay out of go.mod.
set -eu
cd "$(dirname "$0")/.."
version=v2.15.0
lint="bin/tools/golangci-lint-$version"
if [ ! -x "$lint" ]; then
  GOBIN="$(pwd)/bin/tools" go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
  mv bin/tools/golangci-lint "$lint"
fi
go vet ./...
"$lint" fmt --diff
"$lint" run ./...
go test -run '^TestLayout' -count=1 .
if [ -f web/package.json ]; then
  tools/web.sh
  cd web
  if node -e 'process.exit(require("./package.json").scripts?.check ? 0 : 1)'; then npm run check --silent; fi
fi
