"""An account is closed: what is left behind is named, and who takes it is chosen. No data of participants is here.

Nothing is closed before who is on call, and who sees to what waits, is somebody else; what cannot be taken is said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.pages.rota import day_names
from staff.pages.today import centre_names
from surveys.records import accounts, audit
from surveys.records.accounts import Account
from surveys.records.database import Tx
from surveys.rules.roles import May
from surveys.steps import staff_leaving
from surveys.steps.desk import NotFound
from surveys.steps.readiness import ReadinessRefused
from surveys.steps.staff_leaving import AccountNeeded, Heir

AT = "/staff/accounts/{account}/close"
_Rows = Sequence[tuple[int, Mapping[str, Any]]]


async def leaving(asked: Asked) -> Answer:
    """What this person leaves behind, and who could take it."""
    return await _shown(asked, "")


async def _shown(asked: Asked, failed: str, error: Mapping[str, str] | None = None) -> Shown:
    async with asked.service.database.writing() as tx:
        found = await _one(tx, asked)
        rows = await staff_leaving.on_call_rows(tx, found)
        alerts, tasks = await staff_leaving.waits_for(tx, found)
        heirs = [(each, await staff_leaving.number_of(tx, each)) for each in await staff_leaving.heirs(tx, found)]
        taken = await staff_leaving.taken_by(tx, found)
        last = found.state == "active" and await staff_leaving.is_last(tx, found)
        audit.record(tx, asked.reader.account.id, "accounts.read", found.id, asked.now, count=1)
    values: dict[str, Any] = {
        "leaver": found, "rows": rows, "alerts": alerts, "tasks": tasks, "taken": taken, "heirs": heirs, "last": last,
        "failed": failed, "errors": error or {}, "given": asked.form, "centre_name": centre_names(asked),
        "day_names": lambda days: day_names(asked, days),
    }  # fmt: skip
    return Shown("leaving.html", values, 422 if failed or error else 200)


async def _one(tx: Tx, asked: Asked) -> Account:
    found = await accounts.get(tx, asked.path["account"])
    if found is None or found.state == "closed":
        raise NotFound
    if found.id == asked.reader.account.id:
        raise BadForm(asked.words.say_("Свој налог не можете да затворите."))
    return found


async def close(asked: Asked) -> Answer:
    """Close an account that is not one's own; who takes over is told by a task."""
    heir = Heir(asked.text("to", 60), asked.text("phone", 32)) if asked.text("to", 60) else None
    try:
        async with asked.service.database.writing() as tx:
            found, by = await _one(tx, asked), asked.reader.account.id
            await staff_leaving.close(tx, found, by, asked.now, heir, asked.service.library.centres)
    except (staff_leaving.NumberNeeded, ReadinessRefused):
        said = asked.words.say_("Упишите број на који се ова особа зове кад је дежурна.")
        return await _shown(asked, "", {"phone": said})
    except AccountNeeded as refused:
        return await _shown(asked, _why(asked, refused, found))
    return GoTo("/staff/accounts")


def _why(asked: Asked, refused: AccountNeeded, found: Account) -> str:
    say_, name = asked.words.say_, found.name
    if isinstance(refused, staff_leaving.NobodyElse):
        return say_("Налог није затворен: {name} је последња особа која овде може да преузме оно што чека.", name=name)
    if isinstance(refused, staff_leaving.StillOnCall):
        return say_("Налог није затворен: {name} је на списку дежурних. Изаберите ко преузима.", name=name)
    return say_("Налог није затворен: та особа не може да преузме овај посао. Изаберите другу.")


PAGES = (
    Page("GET", AT, leaving, May.KEEP_ACCOUNTS, strong=True),
    Page("POST", AT, close, May.KEEP_ACCOUNTS, strong=True),
)
