"""Runs scenarios in turn and prints what they found as rows of a table. run.py [SCENARIO ...]"""

import os
import sys

import aborts
import alone
import crowd
import deadline
import flood
import same
import shutdown
import slow
import soak

SCENARIOS = {
    "alone": alone.run,
    "flood": flood.run,
    "crowd": crowd.run,
    "tricklers": slow.run_tricklers,
    "readers": slow.run_readers,
    "aborts": aborts.run,
    "deadline": deadline.run,
    "shutdown": shutdown.run,
    "same": same.run,
    "soak": soak.run,
}


def main():
    names = sys.argv[1:] or list(SCENARIOS)
    print(f"| scenario | outcome, heap {os.environ.get('HEAP', '256m')} |\n|---|---|")
    failed = False
    for name in names:
        try:
            result = SCENARIOS[name]()
            outcome = "<br>".join([result] if isinstance(result, str) else result)
        except AssertionError as error:
            outcome, failed = f"FAILED: {error}", True
        print(f"| {name} | {outcome} |", flush=True)
    sys.exit(failed)


main()
