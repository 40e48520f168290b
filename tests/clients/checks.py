"""Runs named checks, one after the other whatever becomes of each, and says how they ended."""

import sys
import traceback


class Checks:
    """Methods that a suite is asked for; one that raises has failed."""

    def __init__(self):
        self.methods = []

    def check(self, method):
        self.methods.append(method)
        return method

    def run(self, suite):
        """Ends the process, with 1 if any failed."""
        failed = 0
        for method in self.methods:
            try:
                method(suite)
                print(f"ok      {method.__name__}")
            except Exception:
                failed += 1
                print(f"FAILED  {method.__name__}")
                traceback.print_exc(file=sys.stdout)
        print(f"{len(self.methods) - failed} passed, {failed} failed")
        sys.exit(1 if failed else 0)
