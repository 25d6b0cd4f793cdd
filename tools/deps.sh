#!/bin/sh
# Installs what the program needs beside Go and Node, by apt:
#   tools/deps.sh run    the database server and libvips
#   tools/deps.sh test   those, a browser for the tests of the pages, and the
#                        libraries of a client of ours, a reader of compose.yaml
#   tools/deps.sh browsers   what run needs, and Firefox and WebKit to be driven
# Where nothing is missing it does nothing; without apt it says what to install.
set -eu

purpose="${1:-run}"
case "$purpose" in
  run | test | browsers) ;;
  *)
    echo "usage: tools/deps.sh run|test|browsers" >&2
    exit 2
    ;;
esac

has_postgres() {
  for f in /usr/lib/postgresql/*/bin/initdb; do [ -x "$f" ] && return 0; done
  command -v initdb >/dev/null 2>&1
}

has_postgis() {
  for f in /usr/share/postgresql/*/extension/postgis.control; do [ -f "$f" ] && return 0; done
  command -v pg_config >/dev/null 2>&1 && [ -f "$(pg_config --sharedir)/extension/postgis.control" ]
}

packages=""
has_postgres || packages="$packages postgresql"
has_postgis || packages="$packages postgresql-postgis"
command -v vips >/dev/null 2>&1 || packages="$packages libvips-tools"
if [ "$purpose" = test ]; then
  command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
  docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null 2>&1 ||
    packages="$packages docker-compose"
  # The libraries with which FixMyStreet speaks Open311, for a test of ours.
  perl -MLWP -MXML::Simple -e 1 2>/dev/null || packages="$packages libwww-perl libxml-simple-perl"
fi
if [ "$purpose" = browsers ]; then
  command -v firefox-esr >/dev/null 2>&1 || packages="$packages firefox-esr"
  command -v WebKitWebDriver >/dev/null 2>&1 || packages="$packages webkit2gtk-driver"
  command -v xvfb-run >/dev/null 2>&1 || packages="$packages xvfb xauth"
fi
[ -n "$packages" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null 2>&1; then as_root="sudo"; else as_root="missing"; fi
fi
if ! command -v apt-get >/dev/null 2>&1 || [ "$as_root" = missing ]; then
  echo "Please install:$packages" >&2
  echo "(names of Debian's packages: PostgreSQL 15 or later with PostGIS 3, the vips command, Chromium)" >&2
  exit 1
fi

# The program runs a server of its own: Debian's would only take memory.
createcluster=/etc/postgresql-common/createcluster.conf
if ! has_postgres && [ ! -e "$createcluster" ]; then
  $as_root mkdir -p "${createcluster%/*}"
  echo "create_main_cluster = false" | $as_root tee "$createcluster" >/dev/null
fi

echo "installing$packages"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086 # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
  apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold $packages >/dev/null
