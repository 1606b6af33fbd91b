#!/usr/bin/env bash
# Whole requests: the service as its container runs it, FastAPI with torch, and endpoints that only echo or do nothing, one
# after the other in every round, on loopback; first all of them until they get no faster. Prints a table with every cell and
# draws target/load/load.svg. All of it takes an hour, --quick a quarter of one; a pattern chooses cells by their names, such
# as "1024x100 json", and the picture then has those of earlier runs as well. Needs a JDK 25 (JAVA_HOME), Maven, python3 and a
# network for pip.
#
#     src/peers/load.sh [--quick | pattern]
#
# PORT (and the four above it), ROUNDS, SECONDS_EACH and JAVA_OPTIONS (of the service) change what their names say.
set -euo pipefail
cd "$(dirname "$0")/../.."
src/peers/load/prepare.sh
exec "${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/loss-service-peers}/bin/python" src/peers/load/load.py "$@"
