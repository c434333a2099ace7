"""Checks what must always hold (safety.md, I1 to I20), on a side's folder and on the wire. It changes nothing.

What one folder and one wire cannot show has tests of its own: I15 `test_erasure`, I16 `test_sides`, I17 the console's
matrix, I18 the report's.
"""

from datetime import timedelta
from pathlib import Path

from posle.settings import load_settings
from simulator.ledger import Ledger
from simulator.twilio_world import SmsWorld
from tests.invariants import answering, sending, staying
from tests.invariants.seen import see, without
from tests.invariants.wire import wire_of


async def check(folder: Path, ledger: Ledger, sms: SmsWorld | None = None, back: timedelta = timedelta()) -> None:
    """Fail, naming the invariant, where one does not hold. `back`: by how much a test set the clock back in all."""
    paging = load_settings(folder).paging
    seen = await see(folder, wire_of(ledger, sms, paging.account_sid if paging else ""))
    seen = without(seen, back=back)
    for holds in (*sending.CHECKS, *answering.CHECKS, *staying.CHECKS):
        holds(seen)
