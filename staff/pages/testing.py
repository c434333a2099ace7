"""The test message by which a number is confirmed with the person there: sent, seen together, deleted together.

It starts nothing that a guard of any other message would forbid, and shows no number.
"""

from staff.asked import Answer, Asked, BadForm, GoTo, Page
from surveys.language.catalogue import mark
from surveys.rules.roles import May
from surveys.steps import desk
from surveys.steps.desk import NotFound
from surveys.steps.number_check import NotConfirmable, confirm, open_test
from surveys.steps.outcome import record_outcome
from surveys.steps.ports import Sent

_WHY = (
    ("not to be written to", mark("Овој особи се не пише.")),
    ("is held", mark("Слање је заустављено, за особу, центар или целу страну.")),
    ("outside the hours", mark("Сада није време у ком се шаље.")),
    ("no number for SMS", mark("Нема броја за SMS на који сме да се пише.")),
    ("wait two minutes", mark("Пробна порука је управо послата. Сачекајте два минута.")),
    ("send one first", mark("У последњих сат времена није послата пробна порука. Прво је пошаљите.")),
    ("on call", mark("Нико није дежуран у то време.")),
    ("readiness", mark("Спремност стране још није уписана.")),
)  # fmt: skip


def _why(asked: Asked, refused: NotConfirmable) -> BadForm:
    line = str(refused)
    said = next((message for part, message in _WHY if part in line), mark("Правила сада не допуштају пробну поруку."))
    return BadForm(asked.words.say_(said))


async def send(asked: Asked) -> Answer:
    """Send it."""
    person, sms = await _person(asked), asked.sms
    if sms is None:
        raise NotFound
    try:
        message = await open_test(asked.service, person, asked.reader.account.id, asked.now)
    except NotConfirmable as refused:
        raise _why(asked, refused) from None
    outcome = await sms.send(message)
    await record_outcome(asked.service, message, outcome, asked.now)
    if not isinstance(outcome, Sent):
        raise BadForm(asked.words.say_("Оператер није примио поруку. Погледајте задатке, па покушајте поново."))
    return GoTo(f"/staff/people/{person}")


async def seen(asked: Asked) -> Answer:
    """It arrived, and was deleted together."""
    person = await _person(asked)
    try:
        await confirm(asked.service, person, asked.reader.account.id, asked.now)
    except NotConfirmable as refused:
        raise _why(asked, refused) from None
    return GoTo(f"/staff/people/{person}")


async def _person(asked: Asked) -> str:
    async with asked.service.database.reading() as tx:
        return (await desk.find(tx, asked.reader.reader, asked.path["participant"])).id


PAGES = (
    Page("POST", "/staff/people/{participant}/test", send, May.ENROL, strong=True),
    Page("POST", "/staff/people/{participant}/test/seen", seen, May.ENROL, strong=True),
)
