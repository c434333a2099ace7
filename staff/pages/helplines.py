"""The helplines: what is shown to people now, what is hidden for its age, and calls by which a line is verified.

A line is verified by two accounts, each after a call of its own; nobody can say it for another.
"""

from typing import Any

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from surveys.library.helplines import EMERGENCY, STALE_AFTER
from surveys.records import accounts, audit
from surveys.records.database import Tx
from surveys.rules.roles import May
from surveys.steps import by_two, line_called
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.desk import NotFound
from surveys.steps.lines import LineRefused, lines_of

AT = "/staff/settings/helplines"


async def shown(asked: Asked) -> Answer:
    """Every line with the day on which it was called, and until when it is shown."""
    language, today = asked.words.language, asked.service.local(asked.now).date()
    async with asked.service.database.writing() as tx:
        lines = await lines_of(tx, asked.service.library)
        first = await by_two.waiting(tx, Matter.LINE, asked.now)
        names = {each.id: each.name for each in await accounts.everyone(tx)} if first else {}
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="helplines")
    rows: list[dict[str, Any]] = []
    for line in lines:
        called = max(line.called_on(), default=None)
        waits = first.get(line.name)
        rows.append({
            "name": line.name, "said": line.said(language), "always": line.number in EMERGENCY,
            "verified": line.verified(today), "called": called, "until": called + STALE_AFTER if called else None,
            "waits": waits, "by": names.get(waits.asked_by, "") if waits else "",
            "own": waits is not None and waits.asked_by == asked.reader.account.id,
            "suicide": line.subject == "suicide",
        })  # fmt: skip
    return Shown("helplines.html", {"lines": rows})


async def hides_some(tx: Tx, asked: Asked) -> bool:
    """Whether a line is hidden from people because nobody called it in time."""
    today = asked.service.local(asked.now).date()
    lines = await lines_of(tx, asked.service.library)
    return any(line.number not in EMERGENCY and not line.verified(today) for line in lines)


async def called(asked: Asked) -> Answer:
    """The reader called the line, and it answered."""
    try:
        async with asked.service.database.writing() as tx:
            await line_called.called(tx, asked.service, asked.reader.reader, asked.path["line"], asked.now)
    except TakesAnother:
        raise BadForm(
            asked.words.say_("Други позив мора да обави друга особа, са свог налога који није нов.")
        ) from None
    except LineRefused as refused:
        if "readiness" not in str(refused):
            raise NotFound from None
        raise BadForm(asked.words.say_("Спремност стране још није уписана.")) from None
    return GoTo(AT)


PAGES = (
    Page("GET", AT, shown, May.CONFIGURE),
    Page("POST", f"{AT}/{{line}}", called, May.CONFIGURE, strong=True),
)
