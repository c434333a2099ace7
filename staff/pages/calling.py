"""A call: the number shown once where every rule allows it, and the interview that staff type while it goes on.

The number stands on no page but the one that opened the call; no earlier answer is ever shown.
"""

from datetime import datetime
from typing import Any

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from surveys.instruments import phrases
from surveys.language.catalogue import mark
from surveys.records import alerts
from surveys.records.participants import Participant
from surveys.rules.reasons import Reason
from surveys.rules.roles import May
from surveys.steps import desk, telephone
from surveys.steps.call import Call, CallRefused, open_call, to_anybody_else
from surveys.steps.desk import NotFound
from surveys.steps.gate import DURESS
from surveys.steps.next_call import next_call
from surveys.steps.page_said import Do, PageSaid
from surveys.steps.raised import gathered
from surveys.steps.telephone import NoCall, Outcome

ENDS = (
    (Outcome.NO_ANSWER, mark("Нико се није јавио")), (Outcome.SOMEONE_ELSE, mark("Јавио се неко други")),
    (Outcome.CALL_LATER, mark("Сада није згодан тренутак")),
)  # fmt: skip
"""A wrong number stands apart: it ends every call to that number and is confirmed once more."""
_LATER = (Reason.CAP_OF_THE_DAY, Reason.OUTSIDE_HOURS)
"""What passes by itself."""


async def call_form(asked: Asked) -> Answer:
    """What a call means, before it is opened; where one goes on, the way back to it."""
    person, going = await _who(asked)
    async with asked.service.database.reading() as tx:
        standing = [each for each in await alerts.of_participant(tx, person.id) if each.state != "closed"]
        again = await next_call(tx, asked.service, person.id, asked.now) if going else None
    return _call(asked, person, None, going, "", again, duress=any(each.rule == DURESS for each in standing))


async def _who(asked: Asked) -> tuple[Participant, bool]:
    async with asked.service.database.reading() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
        return person, await telephone.going_on(tx, person.id, asked.now) is not None


def _call(
    asked: Asked, person: Participant, call: Call | None, going: bool, failed: str, again: datetime | None = None,
    duress: bool = False,
) -> Shown:  # fmt: skip
    values = {
        "participant": person.id, "call": call, "going": going, "failed": failed, "ends": ENDS, "duress": duress,
        **_to_anybody_else(asked, person), "again": again,
        "private_rules": asked.service.library.protocol.safe_contact is not None,
    }  # fmt: skip
    return Shown("call.html", values, 422 if failed else 200)


def _to_anybody_else(asked: Asked, person: Participant) -> dict[str, str]:
    """It stands on every page of a call that goes on, also on one that was left and opened again."""
    said = to_anybody_else(asked.service, person, asked.now)
    return {"someone_else": said, "spoken": asked.words.tag(person.language)}


async def call(asked: Asked) -> Answer:
    """Open it: the number, or in plain words why nobody may call now."""
    person, going = await _who(asked)
    if going:
        return _call(asked, person, None, True, "", await _again(asked, person))
    try:
        made = await open_call(asked.service, person.id, asked.reader.account.id, asked.now)
    except CallRefused as refused:
        return _call(asked, person, None, False, await _refused(asked, person, refused))
    return _call(asked, person, made, True, "", await _again(asked, person))


async def _again(asked: Asked, person: Participant) -> datetime | None:
    """From when on they may be called again, once this call has come to nothing."""
    async with asked.service.database.reading() as tx:
        return await next_call(tx, asked.service, person.id, asked.now)


async def _refused(asked: Asked, person: Participant, refused: CallRefused) -> str:
    """Why nobody may call now, and from when on it is allowed where that alone is in the way."""
    said = asked.words.say_("Сада се не сме звати: {why}.", why=asked.words.code(refused.reason))
    again = await _again(asked, person) if refused.reason in _LATER else None
    later = asked.words.say_("Поново може од: {when}.", when=asked.words.moment(again)) if again else ""
    return f"{said} {later}".strip()


async def call_ended(asked: Asked) -> Answer:
    """It came to nothing, and how."""
    person, _ = await _who(asked)
    how = asked.needed("how", 20)
    if how not in set(Outcome):
        raise BadForm(asked.words.say_("Попуните сва обавезна поља."))
    try:
        await telephone.hang_up(asked.service, person.id, Outcome(how), asked.reader.account.id, asked.now)
    except NoCall:
        raise NotFound from None
    return GoTo(f"/staff/people/{person.id}")


async def interview(asked: Asked) -> Answer:
    """One form of the interview, and the screen to read aloud next."""
    person, going = await _who(asked)
    if not going:
        raise NotFound
    try:
        heard = await telephone.in_call(asked.service, person.id, _said(asked), asked.reader.account.id, asked.now)
    except NoCall:
        raise NotFound from None
    async with asked.service.database.reading() as tx:
        opened = gathered(each for each in await alerts.of_participant(tx, person.id) if each.state == "open")
        again = None if heard.over else await next_call(tx, asked.service, person.id, asked.now)
    values: dict[str, Any] = {
        "participant": person.id, "heard": heard, "screen": heard.screen, "say": phrases, "opened": opened,
        **_to_anybody_else(asked, person), "spoken": asked.words.tag(heard.screen.language), "again": again,
    }  # fmt: skip
    return Shown("interview.html", values)


def _said(asked: Asked) -> PageSaid:
    """The form's parts; what is no button leads to the same screen again."""
    do, turn = asked.text("do", 10), asked.text("turn", 6)
    picked = tuple(asked.form.get("a", "").split()[:100])
    return PageSaid(
        Do(do) if do in set(Do) else Do.AGAIN, int(turn) if turn.isascii() and turn.isdigit() else -1, picked,
        asked.text("t", 2000),
    )  # fmt: skip


PAGES = (
    Page("GET", "/staff/people/{participant}/call", call_form, May.REVEAL),
    Page("POST", "/staff/people/{participant}/call", call, May.REVEAL, strong=True),
    Page("POST", "/staff/people/{participant}/call/end", call_ended, May.INTERVIEW),
    Page("POST", "/staff/people/{participant}/interview", interview, May.INTERVIEW),
)
