"""May this message go now? Each guard alone forbids it; and whatever is allowed, every rule holds."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.rules.calendar import local_day
from surveys.rules.chance import SeededChance
from surveys.rules.contact import Allowed, Cancelled, Held, Moved, Safe, SendFacts, Verdict, may_send
from surveys.rules.hours import Hours
from surveys.rules.protocol import Caps
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel, DeliveryKind, Status
from tests.rules.given import ALL_WEEK, BELGRADE, DST_DAYS, NOON, OFFICE, at, every_reading_is_allowed, safe_hours

TUESDAY = date(2026, 11, 24)
NOW = at(TUESDAY, 12)
DAY = timedelta(days=1)
FREE = SendFacts(
    kind=DeliveryKind.NOTICE,
    channel=Channel.TELEGRAM,
    chosen_channel=Channel.TELEGRAM,
    status=Status.ACTIVE,
    consent=True,
    call_consent=False,
    side_held=False,
    centre_held=False,
    person_held=False,
    closed=False,
    course_is_current=True,
    opens_at=NOW - DAY,
    closes_at=NOW + 40 * DAY,
    not_after=NOW + 40 * DAY,
    has_address=True,
    verified=True,
    suspended=False,
    sent_today=0,
    sent_this_wave=0,
    hours=safe_hours(),
    caps=Caps(per_day=1, per_wave=3),
)


def verdict(now: datetime = NOW, **changes: Any) -> Verdict:
    return may_send(replace(FREE, **changes), now, SeededChance(1))


def test_where_every_rule_holds_it_may_go() -> None:
    assert verdict() == Allowed()
    assert verdict(kind=DeliveryKind.REMINDER, sent_this_wave=1) == Allowed()
    assert verdict(not_after=None) == Allowed()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": Status.WITHDRAWN}, Reason.WITHDRAWN),
        ({"status": Status.PURGED}, Reason.PURGED),
        ({"status": Status.DECEASED}, Reason.DECEASED),
        ({"status": Status.MOVED_ABROAD}, Reason.MOVED_ABROAD),
        ({"consent": False}, Reason.NO_CONSENT),
        ({"channel": Channel.PHONE, "chosen_channel": Channel.PHONE}, Reason.NO_CALL_CONSENT),
        ({"kind": DeliveryKind.CALL}, Reason.NO_CALL_CONSENT),
        ({"opens_at": None}, Reason.NO_INVITATION),
        ({"closes_at": None}, Reason.NO_INVITATION),
        ({"course_is_current": False}, Reason.OTHER_COURSE),
        ({"closed": True}, Reason.ANSWERED),
        ({"closes_at": NOW}, Reason.WAVE_OVER),
        ({"not_after": NOW}, Reason.TOO_LATE),
        ({"chosen_channel": Channel.PHONE}, Reason.OTHER_CHANNEL),
        ({"channel": Channel.SMS}, Reason.OTHER_CHANNEL),
        ({"sent_this_wave": 3}, Reason.CAP_OF_THE_WAVE),
        ({"sent_this_wave": 4}, Reason.CAP_OF_THE_WAVE),
    ],
)
def test_safety_each_of_these_alone_cancels_the_message(change: dict[str, Any], reason: Reason) -> None:
    assert verdict(**change) == Cancelled(reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"side_held": True}, Reason.SIDE_HELD),
        ({"centre_held": True}, Reason.CENTRE_HELD),
        ({"person_held": True}, Reason.PERSON_HELD),
        ({"status": Status.SUSPENDED}, Reason.SUSPENDED),
        ({"status": Status.IN_CUSTODY}, Reason.IN_CUSTODY),
        ({"has_address": False}, Reason.NO_CONTACT),
        ({"suspended": True}, Reason.CONTACT_SUSPENDED),
        ({"verified": False}, Reason.NOT_BOUND),
        ({"kind": DeliveryKind.REMINDER}, Reason.NOTICE_NOT_SENT),
    ],
)
def test_safety_each_of_these_alone_holds_the_message(change: dict[str, Any], reason: Reason) -> None:
    assert verdict(**change) == Held(reason)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("ready", Reason.NOT_READY),
        ("recorded", Reason.NO_SAFE_CONTACT),
        ("wanted", Reason.DO_NOT_CONTACT),
        ("reconfirmed", Reason.NOT_RECONFIRMED),
        ("covered", Reason.NOT_COVERED),
    ],
)
def test_safety_each_of_these_alone_holds_a_survivors_message(missing: str, reason: Reason) -> None:
    whole = dict.fromkeys(("ready", "covered", "recorded", "wanted", "reconfirmed"), True)
    assert verdict(safe=Safe(**whole)) == Allowed()
    assert verdict(safe=Safe(**(whole | {missing: False}))) == Held(reason)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ACTIVE])
def test_safety_only_active_people_are_written_to(status: Status) -> None:
    assert not isinstance(verdict(status=status), Allowed)


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (at(TUESDAY, 8), at(TUESDAY, 9), at(TUESDAY, 10)),
        (at(TUESDAY, 3), at(TUESDAY, 9), at(TUESDAY, 10)),
        (at(TUESDAY, 20), at(TUESDAY + DAY, 9), at(TUESDAY + DAY, 10)),
        (at(date(2026, 11, 28), 12), at(date(2026, 11, 30), 9), at(date(2026, 11, 30), 10)),
    ],
)
def test_safety_outside_the_hours_it_moves_to_early_in_the_next_window(
    now: datetime, first: datetime, last: datetime
) -> None:
    moved = verdict(now)
    assert isinstance(moved, Moved)
    assert moved.reason is Reason.OUTSIDE_HOURS
    assert first <= moved.to < last


def test_safety_on_a_holiday_its_eve_and_a_blackout_day_it_moves_past_them() -> None:
    eve = at(date(2026, 11, 10), 12)
    open_long = {"opens_at": eve - 9 * DAY}
    moved = verdict(eve, **open_long)
    assert isinstance(moved, Moved)
    assert local_day(moved.to, BELGRADE) == date(2026, 11, 12)
    black = verdict(hours=safe_hours(blackout=frozenset({TUESDAY, TUESDAY + DAY})))
    assert isinstance(black, Moved)
    assert local_day(black.to, BELGRADE) == TUESDAY + 2 * DAY


def test_safety_at_most_one_message_a_day_the_next_goes_tomorrow() -> None:
    moved = verdict(sent_today=1, sent_this_wave=1, kind=DeliveryKind.REMINDER)
    assert isinstance(moved, Moved)
    assert moved.reason is Reason.CAP_OF_THE_DAY
    assert local_day(moved.to, BELGRADE) == TUESDAY + DAY


def test_a_wave_that_opens_later_moves_the_message_to_its_opening() -> None:
    opens = at(TUESDAY + 2 * DAY, 15, 30)
    assert verdict(opens_at=opens) == Moved(opens, Reason.NOT_OPEN_YET)


@pytest.mark.parametrize("limit", ["closes_at", "not_after"])
def test_where_no_allowed_hour_is_left_it_is_cancelled_with_that_reason(limit: str) -> None:
    friday_night = at(date(2026, 11, 27), 21)
    monday_morning = at(date(2026, 11, 30), 9)
    assert verdict(friday_night, **{limit: monday_morning}) == Cancelled(Reason.NO_ALLOWED_TIME)
    assert isinstance(verdict(friday_night, **{limit: monday_morning + timedelta(minutes=1)}), Moved)


def test_what_ends_it_is_said_before_what_holds_it_and_that_before_what_moves_it() -> None:
    night = at(TUESDAY, 23)
    assert verdict(night, status=Status.WITHDRAWN, side_held=True) == Cancelled(Reason.WITHDRAWN)
    assert verdict(night, side_held=True) == Held(Reason.SIDE_HELD)
    assert isinstance(verdict(night), Moved)


def test_a_burst_after_a_night_is_spread_over_the_first_hour() -> None:
    chance = SeededChance(7)
    verdicts = [may_send(FREE, at(TUESDAY, 23), chance) for _ in range(200)]
    instants = [moved.to for moved in verdicts if isinstance(moved, Moved)]
    assert len(instants) == 200
    assert len(set(instants)) > 150
    assert min(instants) >= at(TUESDAY + DAY, 9)
    assert max(instants) < at(TUESDAY + DAY, 10)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        verdict(datetime(2026, 11, 24, 12))


instants = st.builds(
    lambda day, minutes: at(day, 0) + timedelta(minutes=minutes),
    st.sampled_from([*DST_DAYS, date(2027, 4, 28), date(2026, 12, 30), TUESDAY]),
    st.integers(-60, 4 * 24 * 60),
)
maybe = st.none() | instants
flag = st.sampled_from([False, False, False, True])
mostly = flag.map(lambda stands: not stands)
facts = st.builds(
    SendFacts,
    kind=st.sampled_from([DeliveryKind.NOTICE, DeliveryKind.REMINDER]),
    channel=st.just(Channel.TELEGRAM),
    chosen_channel=st.sampled_from([Channel.TELEGRAM, Channel.TELEGRAM, Channel.PHONE]),
    status=st.just(Status.ACTIVE) | st.sampled_from(Status),
    consent=mostly,
    side_held=flag,
    centre_held=flag,
    person_held=flag,
    closed=flag,
    course_is_current=mostly,
    opens_at=maybe,
    closes_at=maybe,
    not_after=maybe,
    has_address=mostly,
    verified=mostly,
    suspended=flag,
    sent_today=st.integers(0, 1),
    sent_this_wave=st.integers(0, 3),
    hours=st.builds(
        safe_hours,
        st.sampled_from(
            [OFFICE[0], Hours(ALL_WEEK, time(0), time(23, 59)), Hours(ALL_WEEK, time(11, 30), time(13, 10))]
        ),
        zone=st.sampled_from([BELGRADE, NOON]),
        blackout=st.frozensets(st.sampled_from([*DST_DAYS, TUESDAY]), max_size=1),
    ),
    caps=st.just(Caps(per_day=1, per_wave=3)),
)


def forgiving(given_facts: SendFacts) -> SendFacts:
    """The same with most obstacles out of the way, so that the allowed case comes up often."""
    return replace(
        FREE,
        kind=given_facts.kind,
        sent_this_wave=max(1, given_facts.sent_this_wave),
        opens_at=given_facts.opens_at,
        closes_at=given_facts.closes_at,
        hours=given_facts.hours,
        not_after=None,
    )


@settings(max_examples=400)
@given(facts | facts.map(forgiving), instants, st.integers(0, 9))
def test_property_whenever_it_is_allowed_every_rule_holds(f: SendFacts, now: datetime, seed: int) -> None:
    if not isinstance(may_send(f, now, SeededChance(seed)), Allowed):
        return
    assert f.status is Status.ACTIVE
    assert f.consent
    assert not any((f.side_held, f.centre_held, f.person_held))
    assert not f.closed
    assert f.course_is_current
    assert f.opens_at is not None
    assert f.closes_at is not None
    assert f.opens_at <= now < f.closes_at
    assert f.not_after is None or now < f.not_after
    assert f.channel is f.chosen_channel
    assert f.has_address
    assert f.verified
    assert not f.suspended
    assert f.sent_today < f.caps.per_day
    assert f.sent_this_wave < f.caps.per_wave
    assert f.kind is DeliveryKind.NOTICE or f.sent_this_wave > 0
    assert every_reading_is_allowed(f.hours, now)


@settings(max_examples=400)
@given(facts | facts.map(forgiving), instants, st.integers(0, 9))
def test_property_what_is_moved_goes_to_an_allowed_later_instant_before_it_is_too_late(
    f: SendFacts, now: datetime, seed: int
) -> None:
    moved = may_send(f, now, SeededChance(seed))
    assert moved == may_send(f, now, SeededChance(seed))
    if isinstance(moved, Moved):
        assert f.closes_at is not None
        assert now < moved.to < min(f.closes_at, f.not_after or f.closes_at)
        assert every_reading_is_allowed(f.hours, moved.to)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_one_clear_line(reason: Reason) -> None:
    assert reason.line.endswith(".")
    assert "\n" not in reason.line
    assert len(reason.line) <= 80
