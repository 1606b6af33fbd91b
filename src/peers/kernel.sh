#!/bin/sh
# Times the kernel, libtorch and hand-written numpy in turns, one thread each, and the kernel on two threads and beside a
# copy of the same bytes. Prints a table of ratios with every cell. Needs a JDK 25, Maven, python3 and a network for pip.
#
#   src/peers/kernel.sh [pattern]      cells whose description contains the pattern, such as "1024x10 " or float64
set -eu
cd "$(dirname "$0")/../.."
venv="${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/loss-service-peers}"
if ! [ -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
"$venv/bin/pip" install -q 'torch==2.13.0' numpy
mvn -B -q -Pbench test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/bench.classpath
exec "$venv/bin/python" src/peers/kernel.py "target/test-classes:target/classes:$(cat target/bench.classpath)" "${1:-}"
