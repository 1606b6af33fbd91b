#!/usr/bin/env bash
# Opens Swagger UI of a running service in headless Chromium, executes examples, uploads files and keeps screenshots:
#
#     swagger-ui.sh [http://localhost:8080 [folder for screenshots]]
#
# Needs Node, npm and Chromium (CHROMIUM, default the one on the path).
set -euo pipefail
url=${1:-http://localhost:8080}
shots=$(realpath -m "${2:-target/swagger-ui}")
here=$(realpath "$(dirname "$0")")
mkdir -p "$shots"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/swagger-ui.mjs" "$work"
cd "$work"
npm install --silent --no-fund --no-audit playwright-core@1.57.0 >/dev/null
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)} \
    node swagger-ui.mjs "$url" "$shots" "$here/../resources/tensors"
