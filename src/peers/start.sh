#!/usr/bin/env bash
# From the start of a process to its first answer, and the memory that is resident then, in turns: the jar as it is built; as
# the container runs it, extracted, with its prepared beans and its AOT cache; FastAPI with torch. Medians. Needs a JDK 25
# (JAVA_HOME), Maven, python3 and a network for pip.
#
#     src/peers/start.sh [starts]
set -euo pipefail
cd "$(dirname "$0")/../.."
src/peers/load/prepare.sh
exec "${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/loss-service-peers}/bin/python" src/peers/load/start.py "$@"
