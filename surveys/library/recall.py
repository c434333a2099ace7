"""What the items of a wave ask about: a named window of local days, up to the day of answering. Never pooled."""

from dataclasses import dataclass
from datetime import date

from surveys.library.reading import Table
from surveys.rules.calendar import due_on

RECALL, EARLIER = "recall", "earlier"


@dataclass(frozen=True, slots=True)
class Recall:
    """`months` None means since the completion date; else that many calendar months back."""

    wave: str
    window: str
    months: int | None

    def starts(self, completed_on: date | None, today: date) -> date | None:
        """The first day of the window for an answer given `today`; None where it needs a date that is not kept."""
        if self.months is None:
            return completed_on
        return due_on(today, -self.months)


def read_recall(table: Table) -> Recall:
    wave, window = table.text("wave"), table.one_of("window", (RECALL, EARLIER))
    months = table.whole("months") if table.one_of("since", ("completion", "months")) == "months" else None
    if months is not None and months < 1:
        raise table.refuse("months", "must be 1 or more")
    table.done()
    return Recall(wave, window, months)
