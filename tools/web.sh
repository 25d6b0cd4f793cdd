#!/bin/sh
# Builds the browser's part into web/dist when its sources or the texts are newer,
# which is what the program embeds. Without web/package.json there is nothing to build.
set -eu
cd "$(dirname "$0")/../web" 2>/dev/null || exit 0
[ -f package.json ] || exit 0

if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  # Where a mirror lacks the packages of other platforms, which are optional, ci
  # refuses the whole lock file; install takes the same versions without them.
  npm ci --no-audit --no-fund --loglevel=silent || npm install --no-save --no-audit --no-fund --loglevel=error
  # npm keeps the lock's time in its copy; the next look compares with now.
  touch node_modules/.package-lock.json
fi

stamp=node_modules/.built
if [ ! -f "$stamp" ] || [ ! -f dist/.gitkeep ] || [ -n "$(find . ../text \( -name node_modules -o -name dist -o -name e2e \
  -o -name test-results -o -name playwright-report \) -prune -o -type f -newer "$stamp" -print | head -n 1)" ]; then
  npm run build --silent
  touch dist/.gitkeep "$stamp"
fi
