#!/bin/sh
# The long trials: kills, bad networks, a full disk, planted faults, and the
# simulation over many seeds. SEGNAVIA_CHAOS_FAULTS, SEGNAVIA_SEEDS and
# SEGNAVIA_DAYS (seeds of a working day in Chromium) say how long.
set -eu
cd "$(dirname "$0")/.."
: "${SEGNAVIA_CHAOS_FAULTS:=300}"
: "${SEGNAVIA_SEEDS:=10000}"
export SEGNAVIA_CHAOS_FAULTS SEGNAVIA_SEEDS
out="$(mktemp)"
trap 'rm -f "$out"' EXIT
status=0
go test -timeout 2h -v ./bench/chaos ./bench/faults >"$out" 2>&1 || status=1
SEGNAVIA_MODEL_CHECKS="${SEGNAVIA_MODEL_CHECKS:-50}" go test -timeout 1h -v -run Model ./sync >>"$out" 2>&1 || status=1
(cd web && npx vitest run src/core/simulation.test.ts src/core/faults.test.ts) >>"$out" 2>&1 || status=1
for seed in ${SEGNAVIA_DAYS:-1 2 3 4 5 6 7 8 9 10}; do
  SEGNAVIA_SEED="$seed" tools/e2e.sh day >>"$out" 2>&1 || status=1
done
grep -Ev 'level=(INFO|WARN)' "$out" || true
echo
echo "what                                                             result   seconds"
sed -nE 's/^ *--- (PASS|FAIL|SKIP): (.*) \(([0-9.]+)s\)$/\2|\1|\3/p' "$out" |
  while IFS='|' read -r what result took; do printf '%-64.64s %-8s %s\n' "$what" "$result" "$took"; done
grep -E 'seeds from|Tests  |battery is empty|^  [0-9]+ (passed|failed)' "$out" || true
exit "$status"
