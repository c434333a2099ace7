"""Talks to people by Telegram: turns updates into `Incoming` and `Outgoing` into Bot API calls. It decides nothing."""

import sys

# The library imports httpx, which nothing here uses, and httpx its own command line with rich and pygments: four MiB in
# every service. To httpx this says what it provides for: that its command line is not installed.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
