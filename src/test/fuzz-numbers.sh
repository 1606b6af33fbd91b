#!/usr/bin/env bash
# The long run of the numbers that are hard to round, for each dtype: fuzz-numbers.sh [count [seed]].
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -B test -Dtest=NumberScanTest -Dnumbers.count="${1:-10000000}" -Dnumbers.seed="${2:-$(date +%Y%m%d)}"
