#!/bin/sh
# The browser's tests against the real program: a small demonstration town of its
# own, on a free port, that ends with the tests.
set -eu
cd "$(dirname "$0")/.."
dir="$(mktemp -d)"
port="${SEGNAVIA_E2E_PORT:-8391}"
log="$dir/log"
# A real map of a real town, where the test data are.
map="${SEGNAVIA_DATA:-}/geo/firenze_protomaps_v3.pmtiles"
[ -f "$map" ] || map=""
bin/segnavia demo --data-dir "$dir/data" --listen "localhost:$port" --reports 400 ${map:+--basemap "$map"} >"$log" 2>&1 &
pid=$!
finish() {
  kill -INT "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT INT TERM

waited=0
until [ -f "$dir/data/demo.json" ]; do
  if ! kill -0 "$pid" 2>/dev/null || [ "$waited" -ge 120 ]; then
    echo "the demonstration did not start:" >&2
    cat "$log" >&2
    exit 1
  fi
  sleep 1
  waited=$((waited + 1))
done
cd web
# shellcheck disable=SC2086 # one word a file
SEGNAVIA_URL="http://localhost:$port" SEGNAVIA_DEMO="$dir/data/demo.json" npx playwright test ${1:-live chain drafts again citizen photos barriers pa11y media.spec pin.spec words day devices signedout many oldest faults wide.spec browsers}
