#!/usr/bin/env bash
# Runs the same work on Segnavia, PouchDB and Zero, one after the other, and writes
# results/DATE.md. CLIENTS (numbers, or NUMBER@WRITES_A_SECOND), PEERS,
# SECONDS_OF_WRITES, SETTLE (seconds that each may take to come to rest) and FLAGS (of
# lib/plan.mjs, for the peers alone) narrow it; OUT keeps the raw figures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
read -ra sizes <<<"${CLIENTS:-100@10 200 1000}"
read -ra peers <<<"${PEERS:-segnavia pouch zero}"
read -ra flags <<<"${FLAGS:-}"
out="${OUT:-$(mktemp -d)}"
work="$(mktemp -d)"
# PostgreSQL's own account passes through.
chmod 711 "$work"
trap 'rm -rf "$work"' EXIT

[[ -d node_modules ]] || npm ci --ignore-scripts --no-audit --no-fund
mkdir -p "$out"
go test -c -tags bench -o "$work/segnavia.test" .

run() {
  local peer=$1 clients=${2%@*} rate=100
  [[ $2 == *@* ]] && rate=${2#*@}
  local file="$out/$peer-$clients.json"
  printf '%s %s: load of the machine before %s' "$peer" "$clients" "$(cut -d' ' -f1-3 /proc/loadavg)" >>"$out/loads"
  rm -f "$file"
  if [[ $peer == segnavia ]]; then
    CLIENTS=$clients RATE=$rate SECONDS_OF_WRITES=${SECONDS_OF_WRITES:-60} OUT=$file timeout 1200 "$work/segnavia.test" -test.run TestSegnavia -test.v >"$out/$peer-$clients.log" 2>&1 || true
  else
    timeout 1200 node --no-warnings --max-old-space-size=8192 trial.mjs "$peer" --dir "$work/$peer-$clients" --out "$file" \
      --clients "$clients" --rate "$rate" --seconds "${SECONDS_OF_WRITES:-60}" --settle "${SETTLE:-120}" "${flags[@]}" >"$out/$peer-$clients.log" 2>&1 || true
  fi
  [[ -f $file ]] || printf '{"name":"%s","plan":{"clients":%s},"failed":"no figures after 1200 s"}\n' "$peer" "$clients" >"$file"
  printf ', after %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)" >>"$out/loads"
}

: >"$out/loads"
for clients in "${sizes[@]}"; do
  for peer in "${peers[@]}"; do run "$peer" "$clients"; done
done
mkdir -p results
node table.mjs "$out" >"results/$(date -u +%F).md"
echo "results/$(date -u +%F).md from $out"
