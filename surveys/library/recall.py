"""What the items of a wave ask about: a named window of local days, up to the day of answering. Never pooled."""

import calendar
from dataclasses import dataclass
from datetime import date

from surveys.library.reading import Table

RECALL, EARLIER = "recall", "earlier"


@dataclass(frozen=True, slots=True)
class Recall:
    """`months` None means since the completion date; else that many calendar months back."""

    wave: str
    window: str
    months: int | None

    def starts(self, completed_on: date, today: date) -> date:
        """The first day of the window for an answer given `today`."""
        if self.months is None:
            return completed_on
        return _months_before(today, self.months)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_recall(table: Table) -> Recall:
    wave, window = table.text("wave"), table.one_of("window", (RECALL, EARLIER))
    months = table.whole("months") if table.one_of("since", ("completion", "months")) == "months" else None
    if months is not None and months < 1:
        raise table.refuse("months", "must be 1 or more")
    table.done()
    return Recall(wave, window, months)
