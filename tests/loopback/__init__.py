"""The guard that keeps every test, and every Python process that a test starts, on this machine."""

import sys

_INHERITED = "loopback_guard"
if _INHERITED in sys.modules:  # a worker of the test runner was guarded as it started: there is one guard, not two
    sys.modules[f"{__name__}.{_INHERITED}"] = sys.modules[_INHERITED]
    globals()[_INHERITED] = sys.modules[_INHERITED]
