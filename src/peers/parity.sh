#!/bin/sh
# Holds the service against libtorch: random cases of convention "pytorch" against torch's multi_margin_loss with autograd,
# of "paddle" against PaddlePaddle's own composition written in torch operations; then inputs on which the frameworks are
# wrong, with the exact answer beside theirs. Needs a JDK 25, Maven, python3 and a network for pip.
#
#   src/peers/parity.sh [cases]        2000 of each unless said otherwise
set -eu
cd "$(dirname "$0")/../.."
venv="${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/loss-service-peers}"
if ! [ -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
"$venv/bin/pip" install -q 'torch==2.13.0' numpy
mvn -B -q -DskipTests package
exec "$venv/bin/python" src/peers/parity.py target/loss-service-*.jar "${1:-2000}"
