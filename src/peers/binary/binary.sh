#!/usr/bin/env bash
# Requests per second of the binary route against the JSON route, an endpoint that only reads and writes the same bytes, and
# FastAPI with torch. Needs a JDK 25 (JAVA_HOME), Maven, and a Python with numpy, safetensors, torch, fastapi and uvicorn:
#
#     PYTHON=venv/bin/python src/peers/binary/binary.sh [rounds [seconds]]
set -euo pipefail
cd "$(dirname "$0")/../../.."
python=${PYTHON:-python3}
port=${PORT:-22100}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" >"$work/build.log" 2>&1 \
    || { cat "$work/build.log" >&2; exit 1; }
"${JAVA_HOME:?}/bin/java" ${JAVA_OPTIONS:-} -cp "target/classes:target/test-classes:$(cat "$work/classpath")" \
    org.lossservice.bench.EchoApplication --server.port="$port" --management.server.port=$((port + 1)) >"$work/service.log" &
pids+=($!)
(cd src/peers/binary && exec "$python" -m uvicorn fastapi_torch:app --port $((port + 2)) --log-level warning) &
pids+=($!)
for _ in $(seq 100); do
    curl -sf "localhost:$port/readyz" >/dev/null && curl -s "localhost:$((port + 2))/" >/dev/null && break
    sleep 0.3
done
"$python" src/peers/binary/client.py "$port" "${pids[0]}" $((port + 2)) "${pids[1]}" "$@"
