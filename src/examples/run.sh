#!/usr/bin/env bash
# Starts the jar on a free port and runs every example whose tools are installed. Needs a built jar and a JDK 25 (JAVA_HOME).
#
#     PYTHON=venv/bin/python src/examples/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
java=${JAVA_HOME:?must be a JDK 25}/bin/java
jar=(target/loss-service-*.jar)
[ -f "${jar[0]}" ] || { echo "There is no jar: run mvn verify first." >&2; exit 1; }
log=$(mktemp)

"$java" -jar "${jar[0]}" --server.port=0 --management.server.port=0 >"$log" &
service=$!
trap 'kill "$service" 2>/dev/null || true; rm -f "$log"' EXIT
port=
for _ in $(seq 100); do
    # the first port that is announced is the service's own, the second the management's
    port=$(sed -nE 's/.*started on port ([0-9]+).*/\1/p' "$log" | head -1)
    [ -n "$port" ] && curl -sf "localhost:$port/readyz" >/dev/null && break
    sleep 0.3
done
export LOSS_SERVICE_URL=http://localhost:$port

run() {
    local needed=$1
    shift
    if eval "$needed" >/dev/null 2>&1; then
        "$@"
    else
        echo "${*: -1}: not run, $needed fails here"
    fi
}

run "$python -c 'import numpy'" "$python" src/examples/python_numpy.py
run "$python -c 'import safetensors, torch'" "$python" src/examples/python_safetensors.py
run "node --version" node src/examples/javascript.mjs
run "Rscript -e 'library(jsonlite); library(curl)'" Rscript src/examples/r_json.R
run "go version" go run src/examples/go_json.go
