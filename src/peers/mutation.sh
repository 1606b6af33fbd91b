#!/usr/bin/env bash
# Mutation tests (PIT) of the packages that compute: prints the score and the survivors; the report is under target/pit-reports.
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -B -Pmutation test-compile org.pitest:pitest-maven:mutationCoverage | sed '/^stderr\|^stdout/d'
python3 - <<'PYTHON'
import collections, re
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
