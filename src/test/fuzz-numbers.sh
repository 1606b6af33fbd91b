#!/usr/bin/env bash
# The long run of numbers: texts that are hard to read, for each dtype; of doubles, texts written; and every float written:
# fuzz-numbers.sh [count [seed]].
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -B test -Dtest='NumberScanTest,NumberRunsTest,ShortestDecimalTest' -Dnumbers.count="${1:-10000000}" -Dnumbers.seed="${2:-$(date +%Y%m%d)}" \
    -Dnumbers.floats=all
