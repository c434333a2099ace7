"""Holidays: the state's, as the program knows them, and the side's own days off, which are added and taken back."""

from datetime import date
from typing import Any

from holidays import country_holidays

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.days import read_day
from surveys.records import audit
from surveys.rules.roles import May
from surveys.steps import configured, days_off
from surveys.steps.days_off import DayRefused

AT = "/staff/settings/days-off"


async def shown(asked: Asked) -> Answer:
    """What lies ahead this year and the next."""
    return await _shown(asked, "")


async def _shown(asked: Asked, failed: str) -> Shown:
    today = asked.service.local(asked.now).date()
    async with asked.service.database.writing() as tx:
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="day_off")
    own = asked.service.recorded.configured.days_off
    values: dict[str, Any] = {
        "own": sorted((day, why) for day, why in own.items() if day > today), "holidays": _ahead(asked, today),
        "failed": failed, "given": asked.form, "errors": {},
    }  # fmt: skip
    return Shown("days_off.html", values, 422 if failed else 200)


def _ahead(asked: Asked, today: date) -> list[tuple[date, str]]:
    """The state's holidays of this year and the next, in the reader's language."""
    language = "en_US" if asked.words.language == "en" else "sr"
    years = (today.year, today.year + 1)
    found = country_holidays(asked.service.holidays.country, years=years, language=language)
    script = asked.words.to_script
    return [(day, script(name)) for day, name in sorted(found.items()) if day >= today]


async def add(asked: Asked) -> Answer:
    """Add a day."""
    try:
        async with asked.service.database.writing() as tx:
            day, why = read_day(asked.text("day")), asked.text("why")
            await days_off.add(tx, asked.service, asked.reader.reader, day, why, asked.now)
    except DayRefused:
        return await _shown(asked, asked.words.say_("Упишите дан који тек долази, и зашто се тада не јављамо."))
    await configured.reread(asked.service, asked.now)
    return GoTo(AT)


async def remove(asked: Asked) -> Answer:
    """Take a day back that was added here."""
    try:
        async with asked.service.database.writing() as tx:
            day = read_day(asked.text("day"))
            await days_off.take_back(tx, asked.service, asked.reader.reader, day, asked.now)
    except DayRefused:
        raise BadForm(asked.words.say_("Тај дан овде није додат, или је прошао.")) from None
    await configured.reread(asked.service, asked.now)
    return GoTo(AT)


PAGES = (
    Page("GET", AT, shown, May.CONFIGURE),
    Page("POST", AT, add, May.CONFIGURE, strong=True),
    Page("POST", f"{AT}/remove", remove, May.CONFIGURE, strong=True),
)
