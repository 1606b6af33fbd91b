#!/usr/bin/env bash
# The long run of the fuzzer of binary bodies: fuzz-tensors.sh [count [seed]]. Seeds differ from day to day.
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -B test -Dtest=TensorFuzzTest -Dfuzz.count="${1:-200000}" -Dfuzz.seed="${2:-$(date +%Y%m%d)}"
