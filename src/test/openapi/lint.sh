#!/usr/bin/env bash
# Lints openapi.yaml by Redocly's recommended rules and Spectral's OpenAPI rules; any finding fails. Needs Node and npm.
set -euo pipefail
cd "$(dirname "$0")/../../.."
rules=$(mktemp --suffix=.yaml)
trap 'rm -f "$rules"' EXIT
echo 'extends: ["spectral:oas"]' >"$rules"
found=$(npx --yes @redocly/cli@2.77.0 lint --extends=recommended openapi.yaml 2>&1) || { echo "$found"; exit 1; }
echo "$found"
if grep -q 'Warning was generated' <<<"$found"; then exit 1; fi
npx --yes @stoplight/spectral-cli@6.16.3 lint --ruleset "$rules" --fail-severity=hint openapi.yaml
