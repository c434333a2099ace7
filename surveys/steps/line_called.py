"""A helpline is called by two people of the console, each from their own account; with the second call it is verified.

One account, or one person with another's name, verifies nothing (safety.md, Danger).
"""

from datetime import datetime

from surveys.records import accounts, audit
from surveys.records.database import Tx
from surveys.rules.roles import Reader
from surveys.steps import by_two
from surveys.steps.by_two import Matter
from surveys.steps.lines import Call, LineRefused, verify_line
from surveys.steps.service import Service


async def called(tx: Tx, service: Service, reader: Reader, line: str, now: datetime) -> bool:
    """The reader called this line, and it answered; whether that was the second call. LineRefused, TakesAnother."""
    if line not in {each.name for each in service.library.helplines}:
        raise LineRefused("there is no such line on this side")
    first = (await by_two.waiting(tx, Matter.LINE, now)).get(line)
    if first is None:
        await by_two.ask(tx, reader, Matter.LINE, line, now)
        audit.record(tx, reader.account, "helpline.called", "side", now, line=line)
        return False
    await by_two.agree(tx, reader, Matter.LINE, line, now)
    both = (await _who(tx, first.asked_by), await _who(tx, reader.account))
    on = service.local(first.asked_at).date()
    await verify_line(tx, service, Call(line, both, on), reader.account, now)
    return True


async def _who(tx: Tx, account: str) -> str:
    """The name and the account, so that two people of one name are two."""
    found = await accounts.get(tx, account)
    return f"{found.name if found else ''} ({account})"[:80].strip()
