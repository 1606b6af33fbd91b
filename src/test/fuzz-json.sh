#!/usr/bin/env bash
# The long run of the fuzzer of JSON bodies: fuzz-json.sh [count [seed]]. Seeds differ from day to day.
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -B test -Dtest=JsonFuzzTest -Dfuzz.count="${1:-1000000}" -Dfuzz.seed="${2:-$(date +%Y%m%d)}"
