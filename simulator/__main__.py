"""`python -m simulator`: the simulator as a process of its own, until it is interrupted. Prints one line of JSON."""

import argparse
import asyncio
import json
import re
import signal
import sys
from datetime import datetime

try:
    from simulator.server import TOKEN, start
except ModuleNotFoundError as missing:  # a Python of the system's own
    sys.exit(f"simulator: {missing.name} is not installed here; run make setup, then .venv/bin/python -m simulator")


_ACCOUNT = re.compile(r"(AC[0-9a-fA-F]{32}):([^:]+):([^:]+)(?::(https?://.+))?\Z")
"""As the provider has them: only such an account's calls find their way."""
_LIKE = "AC" + "0" * 31 + "1:any-words:Upitnik"
_RECEIVES = "+381600000001:http://127.0.0.1:8080/hooks/sms"
_EXAMPLE = """\
Example, for a folder made by posle init, whose posle.toml says the same token, account_sid, auth_token and sender, and
api_url = "http://127.0.0.1:8951" under [telegram] and [sms]:
  python -m simulator --port 8951 --token 7000000001:any-words-of-some-length-whatever-they-are \\
      --sms AC00000000000000000000000000000001:any-words:Upitnik
Then open http://127.0.0.1:8951/ in a browser. posle serve goes by the system's clock: enrol somebody who is due."""


def _account(told: str) -> tuple[str, str, str, str]:
    """SID, token, sender and, where it can receive, the address that inbound messages are posted to."""
    found = _ACCOUNT.match(told)
    if found is None:
        raise argparse.ArgumentTypeError(
            f"a SID is AC and 32 of 0-9 and a-f: {_LIKE}; who can receive has a number and an address: …:{_RECEIVES}"
        )
    return found[1], found[2], found[3], found[4] or ""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="A Bot API server, an SMS provider and phones, on loopback.",
        epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", action="append", help=f"a bot's token; may be repeated (default {TOKEN})")
    parser.add_argument("--name", default="Upitnik", help="what the bots are called")
    parser.add_argument("--clock-control", default="", metavar="URL", help="where the clock's buttons are passed on to")
    parser.add_argument(
        "--sms", action="append", default=[], type=_account, metavar="SID:TOKEN:SENDER[:INBOUND_URL]",
        help="an account of the SMS provider; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="start at this instant, e.g. 2026-11-24T09:00:00+01:00"
    )
    return parser.parse_args()


async def _serve(told: argparse.Namespace) -> None:
    running = await start(
        told.port, tokens=tuple(told.token or (TOKEN,)), clock_control=told.clock_control, name=told.name
    )
    for sid, token, sender, inbound in told.sms:
        running.sms.add_account(sid, token, sender, inbound_url=inbound)
    if told.now is not None:
        running.clock.set(told.now)
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    sys.stdout.write(json.dumps({"url": running.url, "port": running.port}) + "\n")
    sys.stdout.flush()
    await ending.wait()
    await running.stop()


def main() -> int:
    """0 when it was told to end, 1 where it cannot begin."""
    try:
        asyncio.run(_serve(_arguments()))
    except (OSError, ValueError) as failure:
        sys.stderr.write(f"the simulator cannot start: {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
