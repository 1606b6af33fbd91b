#!/usr/bin/env bash
# What floods, slow clients, lost clients, deadlines, SIGTERM and ten minutes of everything do to the service in a heap of 256
# MiB: builds the jar, starts it on loopback for each scenario, and prints a table. Clients and service share the machine's
# processors, so latencies in a flood are the clients' doing as well. Needs Python 3.11 and a JDK 25 (JAVA_HOME); takes half an
# hour.
#
#     src/test/resilience/resilience.sh [alone|flood|crowd|tricklers|readers|aborts|deadline|shutdown|soak|same ...]
#
# PORT (and the one above it), HEAP, JAVA_OPTIONS, SECONDS_OF_FLOOD, FLOODS, CROWD, ABORTS, REPETITIONS and MINUTES change what
# their names say.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export JAVA_HOME=${JAVA_HOME:?is a JDK 25}
mvn -B -q -ntp package -DskipTests
exec python3 src/test/resilience/run.py "$@"
