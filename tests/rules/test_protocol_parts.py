"""A protocol as fields: what may be typed comes to a protocol that is read; anything else is named at its field."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.rules.protocol import LateEntry, Protocol
from surveys.rules.protocol_parts import (
    Kind,
    Part,
    PartsRefused,
    Wrong,
    changed,
    differences,
    parts_of,
    said,
)
from surveys.rules.vocabulary import Side
from tests.rules.given import protocol

HIS, HERS = protocol(Side.EX_PERPETRATORS), protocol(Side.SURVIVORS)
BOTH = pytest.mark.parametrize("shipped", [HIS, HERS], ids=["his", "hers"])


def wrong(shipped: Protocol, **changes: str) -> dict[str, Wrong]:
    """What is wrong with these changes; in a name `__` stands for a dot."""
    given = said(shipped) | {name.replace("__", "."): value for name, value in changes.items()}
    with pytest.raises(PartsRefused) as refused:
        changed(shipped, given, "1.1")
    return dict(refused.value.wrong)


@BOTH
def test_what_is_said_of_a_protocol_gives_it_back(shipped: Protocol) -> None:
    assert changed(shipped, said(shipped), shipped.version) == shipped
    assert differences(shipped, shipped) == []


@BOTH
def test_every_shipped_value_lies_in_its_own_range(shipped: Protocol) -> None:
    for part in parts_of(shipped):
        if part.kind is Kind.WHOLE:
            assert part.least <= int(said(shipped)[part.name]) <= part.most, part.name


@BOTH
def test_only_what_was_changed_is_another(shipped: Protocol) -> None:
    typed = said(shipped) | {"closing.after_days": "45", "hours.0.to": "15:00", "wave.m0": "yes"}
    made = changed(shipped, typed, "1.1")
    assert [(part.name, old, new) for part, old, new in differences(shipped, made)] == [
        ("wave.m0", "", "yes"), ("hours.0.to", said(shipped)["hours.0.to"], "15:00"),
    ]  # fmt: skip
    assert (made.version, made.wave("m0").is_off, shipped.wave("m0").is_off) == ("1.1", False, True)
    assert [(each.name, each.months, each.instrument) for each in made.waves] == [
        (each.name, each.months, each.instrument) for each in shipped.waves
    ]


def test_a_wave_that_is_no_option_is_no_part() -> None:
    assert not any(part.name in ("wave.m3", "wave.m6") for part in parts_of(HERS))


@pytest.mark.parametrize("typed", ["", "x", "-1", "3.0", "46", "29", "٣٥", "9" * 40, "1e1"])
def test_a_number_outside_its_range_or_none_at_all_is_named(typed: str) -> None:
    assert wrong(HIS, closing__after_days=typed) == {"closing.after_days": Wrong.WHOLE}


@pytest.mark.parametrize("typed", ["", "4;11", "11, 4", "4, 4", "1, 4", "4, 31", "2,3,4,5,6", "4,,5"])
def test_days_of_reminders_rise_and_stay_in_their_range(typed: str) -> None:
    assert wrong(HIS, reminders__after_days=typed) == {"reminders.after_days": Wrong.DAYS}


@pytest.mark.parametrize(
    ("shipped", "changes", "named"),
    [
        (HIS, {"wave__m0": "on"}, {"wave.m0": Wrong.CHOICE}),
        (HIS, {"hours__0__days": "sun"}, {"hours.0.days": Wrong.CHOICE}),
        (HIS, {"hours__0__from": "9:00"}, {"hours.0.from": Wrong.TIME}),
        (HIS, {"hours__0__from": "06:30"}, {"hours.0.from": Wrong.NIGHT}),
        (HIS, {"hours__0__to": "22:30"}, {"hours.0.to": Wrong.NIGHT}),
        (HIS, {"hours__0__to": "09:00"}, {"hours.0.to": Wrong.ORDER}),
        (HIS, {"first_contact__from_day": "9", "first_contact__to_day": "3"}, {"first_contact.to_day": Wrong.ORDER}),
        (HERS, {"first_contact__from_day": "7", "first_contact__to_day": "20"}, {"first_contact.to_day": Wrong.SPREAD}),
        (HIS, {"reminders__default": "2", "reminders__maximum": "1"}, {"reminders.default": Wrong.MORE_THAN_MOST}),
        (HIS, {"reminders__after_days": "4"}, {"reminders.maximum": Wrong.MORE_THAN_DAYS}),
        (HIS, {"caps__per_wave": "2"}, {"caps.per_wave": Wrong.NO_ROOM}),
        (HIS, {"reminders__default": "0"}, {"reminders.default": Wrong.WHOLE}),
        (HIS, {"first_contact__to_day": "11"}, {"first_contact.to_day": Wrong.WHOLE}),
        (HERS, {"safe_contact__open_days": "25"}, {"safe_contact.open_days": Wrong.PAST_CLOSING}),
        (HERS, {"retention__audit_days": "1825"}, {"retention.audit_days": Wrong.SHORTER}),
        (HERS, {"retention__contact_days": "89"}, {"retention.contact_days": Wrong.WHOLE}),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
def test_what_cannot_be_is_named_at_its_field(
    shipped: Protocol, changes: dict[str, str], named: dict[str, Wrong]
) -> None:
    assert wrong(shipped, **changes) == named


def test_everything_that_is_wrong_is_named_at_once() -> None:
    assert set(wrong(HERS, caps__per_wave="0", traces__idle_minutes="9")) == {"caps.per_wave", "traces.idle_minutes"}


def _typed(part: Part, now: str) -> st.SearchStrategy[str]:
    near = st.integers(part.least - 1, part.most + 1).map(str) if part.kind is Kind.WHOLE else st.just(now)
    return st.one_of(st.just(now), near, st.sampled_from(("", "yes", "00:00", "23:59", "4, 11", "mon-sun")))


def _made(shipped: Protocol, typed: dict[str, str]) -> Protocol | dict[str, Wrong]:
    try:
        return changed(shipped, typed, "1.1")
    except PartsRefused as refused:
        return dict(refused.wrong)


@settings(deadline=None)
@given(st.data(), st.sampled_from([HIS, HERS]))
def test_safety_whatever_is_typed_comes_to_a_safe_protocol_or_to_none(data: Any, shipped: Protocol) -> None:
    typed = {part.name: data.draw(_typed(part, said(shipped)[part.name])) for part in parts_of(shipped)}
    made = _made(shipped, typed)
    if isinstance(made, dict):
        assert made
        assert Wrong.UNSAFE not in made.values(), "the form says itself what is wrong"
        return
    assert _made(made, said(made)) == made
    assert made.closing_after_days <= 45
    if made.safe_contact is not None:
        assert 14 <= made.first_contact.to_day - made.first_contact.from_day <= made.first_contact.to_day <= 21
        assert (made.traces is None, made.first_contact.late) == (False, LateEntry.DRAWN)
