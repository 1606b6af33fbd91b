#!/usr/bin/env bash
# Posts bodies of 64 MiB, gradient wanted, to the jar in a heap of 256 MiB, and says what the heap held at most. Needs a
# JDK 25 (JAVA_HOME), a built jar, and a Python with numpy and safetensors:
#
#     PYTHON=venv/bin/python src/peers/memory.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
port=${PORT:-22200}
work=$(mktemp -d)
service=
trap 'kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
jar=(target/loss-service-*.jar)

for heap in ${HEAPS:-256m}; do
    for body in npz npz-compressed npz-transposed safetensors; do
        "${JAVA_HOME:?}/bin/java" -Xmx"$heap" -XX:+ExitOnOutOfMemoryError -Xlog:gc:file="$work/gc.log" -jar "${jar[0]}" \
            --server.port="$port" --management.server.port=$((port + 1)) >"$work/service.log" &
        service=$!
        for _ in $(seq 100); do
            curl -sf "localhost:$port/readyz" >/dev/null && break
            sleep 0.3
        done
        "$python" src/peers/memory.py "$port" "$body" "$work/gc.log" "$heap" || echo "heap $heap, $body: failed"
        kill "$service" && wait "$service" 2>/dev/null || true
    done
done
