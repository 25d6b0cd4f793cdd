#!/bin/sh
# Runs each fuzz target for FUZZTIME (60s unless set).
set -eu
cd "$(dirname "$0")/.."
time="${FUZZTIME:-60s}"
grep -rlE '^func Fuzz[A-Za-z0-9_]+\(f \*testing\.F\)' --include='*_test.go' . | grep -v node_modules |
  while read -r file; do
    sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' "$file" | while read -r target; do
      echo "${file%/*} $target $time"
      go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "${file%/*}" </dev/null || exit 1
    done || exit 1
  done
