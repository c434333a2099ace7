"""Alerts: those of one person on one page, taken and closed together.

What kind of thing raised them, and the way to the response, is for those who may read it; never an answer or number.
"""

from collections.abc import Mapping
from types import MappingProxyType

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.pages.today import HOME, centre_names
from surveys.language.catalogue import mark
from surveys.rules.roles import May
from surveys.rules.vocabulary import Side
from surveys.steps import raised

AT = "/staff/alerts/{alert}"
MOST = 4000
RULES: Mapping[str, str] = MappingProxyType(
    {
        "answer": mark("одговор на питање"), "words": mark("речи које могу да значе опасност"),
        "suicide": mark("речи које могу да значе самоубиство"), "threat": mark("речи које могу да значе претњу"),
        "duress": mark("реч за принуду"), "drill": mark("вежба"),
    }
)  # fmt: skip
"""What raises an alert, in words; a test goes through all of them."""


async def alert(asked: Asked) -> Answer:
    """The alerts of one person, and the question that must be answered before they are closed."""
    async with asked.service.database.writing() as tx:
        found = await raised.open_matter(tx, asked.reader.reader, asked.path["alert"], asked.now)
    say_ = asked.words.say_
    question = (
        say_("Да ли би особа на коју се одговор односи могла да закључи одакле податак долази?")
        if asked.service.side is Side.SURVIVORS
        else say_("Да ли је служба за другу страну обавештена, лично и ван система?")
    )
    values: dict[str, object] = {
        "found": found, "question": question, "centre_name": centre_names(asked),
        "rule": lambda code: say_(RULES[code]) if code in RULES else say_("правило упитника"),
    }  # fmt: skip
    return Shown("alert.html", values)


async def acknowledge(asked: Asked) -> Answer:
    """Take an alert, and those beside it that the page showed."""
    async with asked.service.database.writing() as tx:
        shown = asked.text("shown", MOST).split()
        await raised.take(tx, asked.reader.reader, asked.path["alert"], shown, asked.now)
    return GoTo(f"/staff/alerts/{asked.path['alert']}")


async def close(asked: Asked) -> Answer:
    """Close them; without an answer to the question nothing is closed."""
    answer, shown = asked.needed("answer", 3), asked.text("shown", MOST).split()
    if answer not in ("yes", "no"):
        raise BadForm(asked.words.say_("Попуните сва обавезна поља."))
    async with asked.service.database.writing() as tx:
        await raised.close(tx, asked.reader.reader, asked.path["alert"], shown, answer == "yes", asked.now)
    return GoTo(HOME)


PAGES = (
    Page("POST", f"{AT}/acknowledge", acknowledge, May.TAKE_ALERTS),
    Page("GET", AT, alert, May.TAKE_ALERTS),
    Page("POST", f"{AT}/close", close, May.TAKE_ALERTS),
)
