"""What `posle demo --once` tells: every month that it passes, and both sides' figures at the end."""

from datetime import UTC, datetime
from typing import Any

from posle.demo.once import BEGAN, tell_months
from posle.demo.summary import lines


def test_a_month_in_which_nothing_falls_due_is_told_too() -> None:
    told: list[str] = []
    reached = tell_months(BEGAN.month - 1, BEGAN, told.append)
    reached = tell_months(reached, datetime(2026, 12, 7, tzinfo=UTC), told.append)
    reached = tell_months(reached, datetime(2026, 12, 31, tzinfo=UTC), told.append)
    tell_months(reached, datetime(2027, 1, 4, tzinfo=UTC), told.append)
    assert told == ["2026-10 …", "2026-11 … (nothing falls due)", "2026-12 …", "2027-01 …"]


def test_the_last_lines_hold_both_sides_figures() -> None:
    def side(consented: int, answered: int) -> dict[str, Any]:
        wave = {"invited": consented, "answered": answered, "dispositions": {"complete": answered}}
        return {
            "consented": consented, "waves": {"m3": wave}, "notices_sent": 9, "reminders_sent": 4, "alerts_opened": 2,
        }  # fmt: skip

    said = lines({"started": 60, "completed": 50, **side(40, 30), "survivors": side(10, 5)})
    assert said[0] == "ex-perpetrators: started 60 → completed 50 → consented 40"
    assert "m3: invited 40 → answered 30 (75 %)" in said
    assert said[said.index("survivors: consented 10") + 2] == "m3: invited 10 → answered 5 (50 %)"
