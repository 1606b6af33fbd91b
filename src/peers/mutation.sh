#!/usr/bin/env bash
# Mutation tests (PIT) of the packages that compute, or of some classes: src/peers/mutation.sh ['org.lossservice.loss.Block*' …]
# Prints the score and the survivors, of which CONTRIBUTING.md speaks; the report is under target/pit-reports. All of it takes
# half an hour and more on one of two busy cores (THREADS=2 for both).
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- 'org.lossservice.loss.*' 'org.lossservice.tensor.*'
classes=$(IFS=, && echo "$*")
mvn -B -Pmutation test-compile org.pitest:pitest-maven:mutationCoverage -DtargetClasses="$classes" -Dthreads="${THREADS:-1}" |
    sed '/^stderr\|^stdout/d'
python3 - <<'PYTHON'
import collections
import xml.etree.ElementTree as tree

mutations = tree.parse("target/pit-reports/mutations.xml").getroot()
count = collections.Counter(mutation.get("status") for mutation in mutations)
killed = count["KILLED"] + count["TIMED_OUT"] + count["MEMORY_ERROR"] + count["RUN_ERROR"]
print(f"killed {killed} of {len(mutations)} ({100 * killed / len(mutations):.1f} %): {dict(count)}")
for mutation in mutations:
    if mutation.get("status") in ("SURVIVED", "NO_COVERAGE"):
        print(mutation.get("status"), f"{mutation.findtext('sourceFile')}:{mutation.findtext('lineNumber')}",
              mutation.findtext("mutatedMethod"), mutation.findtext("description"))
PYTHON
