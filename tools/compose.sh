#!/bin/sh
# Reads compose.yaml as a server would and fails on whatever is said of it. Nothing
# is started.
set -eu
cd "$(dirname "$0")/.."
compose="docker-compose"
if docker compose version >/dev/null 2>&1; then compose="docker compose"; fi
said="$(POSTGRES_PASSWORD=x DATABASE_PASSWORD=x S3_ACCESS_KEY=x S3_SECRET_KEY=x S3_ROOT_ACCESS_KEY=y S3_ROOT_SECRET_KEY=y SITE=town.example $compose -f compose.yaml config -q 2>&1)" || {
  echo "$said" >&2
  exit 1
}
if [ -n "$said" ]; then
  echo "$said" >&2
  exit 1
fi
