#!/bin/sh
# Runs every test: Go with the race detector, then the browser's part. Real data
# beside the checkout is used where it is there.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${SEGNAVIA_DATA:-}" ] && [ -d ../shared/data ]; then
  SEGNAVIA_DATA="$(cd ../shared/data && pwd)"
  export SEGNAVIA_DATA
fi
tools/compose.sh
go test -race -timeout 20m ./...

[ -f web/package.json ] || exit 0
cd web
has_script() { node -e 'process.exit(require("./package.json").scripts?.[process.argv[1]] ? 0 : 1)' "$1"; }
if has_script test; then npm test; fi
if has_script e2e; then
  CHROMIUM="${CHROMIUM:-$(command -v chromium || true)}"
  export CHROMIUM PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
  npm run e2e
  ../tools/e2e.sh
fi
