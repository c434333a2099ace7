"""Plans: what is sent when, and for everything that is not, the reason; always inside the hours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.rules.calendar import local_day, start_of_day
from surveys.rules.chance import SeededChance
from surveys.rules.hours import Hours, SafeHours
from surveys.rules.protocol import LateEntry, Wave
from surveys.rules.reasons import Reason
from surveys.rules.schedule import Plan, Planning, SentMessage, plan_invitation, plan_waves
from surveys.rules.spread import drain_at, draw
from surveys.rules.vocabulary import DeliveryKind, Side
from tests.rules.given import ALL_WEEK, BELGRADE, NOON, OFFICE, at, every_reading_is_allowed, protocol, safe_hours

HIS, HERS = (Planning(protocol(side), safe_hours()) for side in (Side.EX_PERPETRATORS, Side.SURVIVORS))
M3 = HIS.protocol.wave("m3")
COMPLETED, DUE = date(2026, 11, 30), date(2027, 2, 28)
ENROLLED = at(date(2026, 12, 1), 10)
CLOSES = at(date(2027, 4, 15), 0)
DAY = timedelta(days=1)


def planned(
    planning: Planning = HIS, now: datetime = ENROLLED, seed: int = 1, sent: Sequence[SentMessage] = (), wave: Wave = M3
) -> Plan:
    return plan_invitation(planning, wave, COMPLETED, now, SeededChance(seed), sent)


def days_after_due(instant: datetime | None) -> int:
    assert instant is not None
    return (local_day(instant, BELGRADE) - DUE).days


def kinds(plan: Plan) -> list[tuple[DeliveryKind, int]]:
    return [(message.kind, message.sequence) for message in plan.messages]


def gaps(plan: Plan) -> list[int]:
    """Days from the first message to each."""
    first = local_day(plan.messages[0].at, BELGRADE)
    return [(local_day(message.at, BELGRADE) - first).days for message in plan.messages]


def test_the_first_message_lies_on_the_due_date_or_within_ten_days_on_his_side() -> None:
    days = {days_after_due(planned(seed=seed).opens_at) for seed in range(200)}
    assert days <= set(range(11))
    assert len(days) == 8  # every working day of the eleven


def test_the_first_message_lies_within_21_days_on_her_side() -> None:
    days = {days_after_due(planned(HERS, seed=seed).opens_at) for seed in range(400)}
    assert days <= set(range(22))
    assert len(days) == 15


def test_first_messages_do_not_all_leave_at_the_opening_of_a_window() -> None:
    instants = [planned(seed=seed).opens_at for seed in range(200)]
    assert len(set(instants)) > 190
    assert len({each.astimezone(BELGRADE).hour for each in instants if each}) == 11


def test_a_wave_closes_at_the_end_of_the_45th_local_day_after_the_due_date() -> None:
    assert planned().closes_at == CLOSES == start_of_day(DUE + 46 * DAY, BELGRADE)


def test_the_invitation_opens_with_its_notice_and_every_message_says_why() -> None:
    plan = planned()
    assert plan.reason is None
    assert plan.opens_at == plan.messages[0].at
    assert [message.why for message in plan.messages] == ["wave_due", "no_reply_yet", "no_reply_yet"]


def test_reminders_lie_four_and_eleven_days_after_the_notice_or_on_the_next_allowed_day() -> None:
    every_day = replace(HIS, hours=safe_hours(Hours(ALL_WEEK, time(9), time(20))))
    plan = planned(every_day)
    assert kinds(plan) == [(DeliveryKind.NOTICE, 0), (DeliveryKind.REMINDER, 0), (DeliveryKind.REMINDER, 1)]
    assert gaps(plan) == [0, 4, 11]
    for seed in range(50):
        _, first, second = gaps(planned(seed=seed))
        assert 4 <= first <= 6
        assert 11 <= second <= 13


@pytest.mark.parametrize(("agreed", "count"), [(0, 0), (1, 1), (2, 2), (5, 2), (None, 2)])
def test_as_many_reminders_as_were_agreed_and_none_is_an_answer(agreed: int | None, count: int) -> None:
    assert len(planned(replace(HIS, reminders=agreed)).messages) == 1 + count


def test_a_reminder_is_too_late_on_the_day_of_the_next_one_and_the_last_when_the_wave_closes() -> None:
    notice, first, second = planned().messages
    assert first.not_after == start_of_day(local_day(notice.at, BELGRADE) + 11 * DAY, BELGRADE)
    assert notice.not_after == second.not_after == CLOSES


def test_of_two_reminders_that_free_days_push_together_only_the_later_goes_and_the_other_has_a_reason() -> None:
    notice = SentMessage(DeliveryKind.NOTICE, 0, at(date(2027, 3, 1), 11))
    away = replace(HIS, hours=safe_hours(blackout=frozenset(date(2027, 3, 5) + n * DAY for n in range(10))))
    plan = planned(away, now=at(date(2027, 3, 1), 12), sent=[notice])
    assert kinds(plan) == [(DeliveryKind.REMINDER, 1)]
    assert local_day(plan.messages[0].at, BELGRADE) == date(2027, 3, 15)
    assert [(each.sequence, each.reason) for each in plan.skipped] == [(0, Reason.NO_ALLOWED_TIME)]


@pytest.mark.parametrize(("day", "sequences"), [(10, [0, 1]), (12, [1]), (20, [1])])
def test_planning_anew_after_an_outage_plans_from_now_on_and_only_the_reminder_that_is_not_overtaken(
    day: int, sequences: list[int]
) -> None:
    sent = [SentMessage(DeliveryKind.NOTICE, 0, at(date(2027, 3, 1), 11))]
    now = at(date(2027, 3, day), 12)
    plan = planned(now=now, sent=sent)
    assert [message.sequence for message in plan.messages] == sequences
    assert all(message.at >= now for message in plan.messages)


def test_an_optional_wave_is_skipped_with_a_reason_until_it_is_switched_on() -> None:
    m0 = HIS.protocol.wave("m0")
    assert planned(wave=m0).reason is Reason.WAVE_OFF
    assert planned(wave=m0).messages == ()
    assert planned(replace(HIS, optional_waves=frozenset({"m0"})), wave=m0).reason is None


def test_every_wave_of_the_protocol_has_a_plan_also_the_one_that_is_off() -> None:
    plans = plan_waves(HIS, COMPLETED, ENROLLED, SeededChance(1))
    assert [(plan.wave, plan.due_on) for plan in plans] == [
        ("m0", COMPLETED),
        ("m3", DUE),
        ("m6", date(2027, 5, 30)),
    ]


def test_entered_after_the_due_date_the_first_message_goes_at_the_first_allowed_instant_on_his_side() -> None:
    noon = at(date(2027, 3, 3), 12)
    assert planned(now=noon).opens_at == noon
    for seed in range(20):
        opens = planned(now=at(date(2027, 3, 5), 21), seed=seed).opens_at  # a Friday night
        assert opens is not None
        assert at(date(2027, 3, 8), 9) <= opens < at(date(2027, 3, 8), 10)


def test_safety_entered_after_the_due_date_her_first_message_is_still_drawn_from_the_days_left() -> None:
    assert HERS.protocol.first_contact.late is LateEntry.DRAWN
    opens = [planned(HERS, now=at(date(2027, 3, 3), 12), seed=seed).opens_at for seed in range(200)]
    days = {days_after_due(instant) for instant in opens}
    assert min(days) >= 3
    assert max(days) <= 21
    assert len(days) > 8


@pytest.mark.parametrize("planning", [HIS, HERS])
def test_entered_when_first_contact_is_over_it_goes_as_soon_as_it_may(planning: Planning) -> None:
    noon = at(date(2027, 4, 5), 12)
    assert planned(planning, now=noon).opens_at == noon


def test_entered_on_the_due_date_is_not_late() -> None:
    opens = {days_after_due(planned(now=at(DUE, 8), seed=seed).opens_at) for seed in range(100)}
    assert len(opens) > 5


@pytest.mark.parametrize("planning", [HIS, HERS])
def test_entered_after_the_wave_has_closed_it_is_skipped_with_that_reason(planning: Planning) -> None:
    assert planned(planning, now=CLOSES).reason is Reason.ENTERED_TOO_LATE
    last = planned(planning, now=CLOSES - timedelta(hours=12))
    assert last.reason is None
    assert last.opens_at is not None
    assert last.opens_at < CLOSES


def test_where_the_hours_leave_no_time_the_wave_is_skipped_with_that_reason() -> None:
    never = replace(HIS, hours=safe_hours(blackout=frozenset(DUE + n * DAY for n in range(46))))
    plan = planned(never)
    assert (plan.opens_at, plan.reason, plan.messages) == (None, Reason.NO_ALLOWED_TIME, ())


def test_hours_that_leave_nothing_in_first_contact_are_followed_by_the_next_allowed_day() -> None:
    later = replace(HIS, hours=safe_hours(blackout=frozenset(DUE + n * DAY for n in range(11))))
    assert days_after_due(planned(later).opens_at) == 11


def test_reminders_that_no_time_is_left_for_are_skipped_with_that_reason() -> None:
    plan = planned(now=at(date(2027, 4, 12), 12))
    assert kinds(plan) == [(DeliveryKind.NOTICE, 0)]
    assert [(each.kind, each.sequence, each.reason) for each in plan.skipped] == [
        (DeliveryKind.REMINDER, 0, Reason.NO_ALLOWED_TIME),
        (DeliveryKind.REMINDER, 1, Reason.NO_ALLOWED_TIME),
    ]


def test_planning_anew_keeps_what_was_sent_and_counts_from_it() -> None:
    sent = [SentMessage(DeliveryKind.NOTICE, 0, at(date(2027, 3, 2), 11))]
    plan = planned(now=at(date(2027, 3, 3), 9), sent=sent)
    assert plan.opens_at == sent[0].at
    assert kinds(plan) == [(DeliveryKind.REMINDER, 0), (DeliveryKind.REMINDER, 1)]
    assert local_day(plan.messages[0].at, BELGRADE) == date(2027, 3, 8)
    assert local_day(plan.messages[1].at, BELGRADE) == date(2027, 3, 15)


def test_planning_anew_never_repeats_a_reminder_nor_lets_the_next_follow_on_its_day() -> None:
    sent = [
        SentMessage(DeliveryKind.NOTICE, 0, at(date(2027, 3, 2), 11)),
        SentMessage(DeliveryKind.REMINDER, 0, at(date(2027, 3, 15), 11)),
    ]
    plan = planned(now=at(date(2027, 3, 15), 12), sent=sent)
    assert kinds(plan) == [(DeliveryKind.REMINDER, 1)]
    assert local_day(plan.messages[0].at, BELGRADE) == date(2027, 3, 16)


def test_a_corrected_completion_date_moves_what_was_not_sent() -> None:
    corrected = plan_invitation(HIS, M3, date(2026, 12, 15), ENROLLED, SeededChance(1))
    assert corrected.due_on == date(2027, 3, 15)
    assert corrected.opens_at is not None
    assert date(2027, 3, 15) <= local_day(corrected.opens_at, BELGRADE) <= date(2027, 3, 25)


def test_a_notice_that_was_sent_is_kept_although_the_corrected_wave_would_be_over() -> None:
    sent = [SentMessage(DeliveryKind.NOTICE, 0, at(date(2027, 3, 2), 11))]
    plan = plan_invitation(HIS, M3, date(2026, 6, 1), at(date(2027, 3, 3), 9), SeededChance(1), sent)
    assert plan.opens_at == sent[0].at
    assert plan.messages == ()
    assert {each.reason for each in plan.skipped} == {Reason.NO_ALLOWED_TIME}


def test_the_first_of_may_and_easter_2027_are_passed_over() -> None:
    completed = date(2027, 1, 28)  # due on 28 April; 29 April to 4 May are holidays or an eve
    for seed in range(60):
        plan = plan_invitation(HIS, M3, completed, ENROLLED, SeededChance(seed))
        days = [local_day(message.at, BELGRADE) for message in plan.messages]
        assert all(day == date(2027, 4, 28) or day >= date(2027, 5, 5) for day in days)


def test_what_is_late_inside_the_hours_goes_at_once_and_at_night_early_in_the_next_window() -> None:
    hours, noon, night = safe_hours(), at(date(2027, 3, 3), 12), at(date(2027, 3, 3), 23)
    assert drain_at(noon, hours, CLOSES, SeededChance(1)) == noon
    drained = [drain_at(night, hours, CLOSES, SeededChance(seed)) for seed in range(300)]
    assert all(each and at(date(2027, 3, 4), 9) <= each < at(date(2027, 3, 4), 10) for each in drained)
    assert len(set(drained)) > 250
    assert drain_at(night, hours, at(date(2027, 3, 4), 9), SeededChance(1)) is None


def test_a_draw_reaches_every_window_and_no_instant_outside() -> None:
    class Fixed(SeededChance):
        def __init__(self, share: float) -> None:
            super().__init__(0)
            self.share = share

        def uniform(self, low: float, high: float) -> float:
            return low + (high - low) * self.share

    windows = [(at(DUE, 9), at(DUE, 10)), (at(DUE, 15), at(DUE, 18))]
    shares = {0.0: at(DUE, 9), 0.125: at(DUE, 9, 30), 0.25: at(DUE, 15), 0.5: at(DUE, 16), 1.0: at(DUE, 15)}
    assert {share: draw(windows, Fixed(share)) for share in shares} == shares


days = st.dates(date(2026, 1, 1), date(2028, 6, 1))
hours = st.sampled_from(
    [
        OFFICE[0],
        Hours(ALL_WEEK, time(0), time(23, 59)),
        Hours(ALL_WEEK, time(11), time(14)),
        Hours(frozenset({2}), time(9), time(9, 30)),
    ]
)
plannings = st.builds(
    Planning,
    st.sampled_from([HIS.protocol, HERS.protocol]),
    st.builds(
        SafeHours,
        st.lists(hours, min_size=1, max_size=2).map(tuple),
        st.sampled_from([BELGRADE, NOON]),
        st.just(HIS.hours.holidays),
        st.frozensets(days, max_size=5),
    ),
    st.none() | st.integers(0, 3),
    st.sampled_from([frozenset(), frozenset({"m0"})]),
)


@settings(max_examples=120, deadline=None)
@given(plannings, days, st.integers(-400, 60), st.integers(0, 24 * 60), st.integers(0, 1000))
def test_property_every_planned_instant_is_allowed_on_every_reading_or_a_reason_is_given(
    planning: Planning, completed: date, ahead: int, minute: int, seed: int
) -> None:
    zone = planning.hours.zone
    now = start_of_day(completed - ahead * DAY, zone) + timedelta(minutes=minute)
    plans = plan_waves(planning, completed, now, SeededChance(seed))
    assert plans == plan_waves(planning, completed, now, SeededChance(seed))
    for plan in plans:
        assert (plan.opens_at is None) == (plan.reason is not None) == (not plan.messages)
        expected = planning.protocol.reminders.agreed(planning.reminders) + 1 if plan.reason is None else 0
        assert len(plan.messages) + len(plan.skipped) == expected
        on_days = [local_day(message.at, zone) for message in plan.messages]
        assert on_days == sorted(set(on_days))
        for message in plan.messages:
            assert every_reading_is_allowed(planning.hours, message.at)
            assert now <= message.at < message.not_after <= plan.closes_at
            assert local_day(message.at, zone) >= plan.due_on
            assert (local_day(message.at, zone) - plan.due_on).days <= 45


@settings(max_examples=60, deadline=None)
@given(plannings, days, st.integers(0, 30), st.integers(0, 1000))
def test_property_planning_anew_never_plans_again_what_was_sent(
    planning: Planning, completed: date, corrected: int, seed: int
) -> None:
    wave = planning.protocol.wave("m3")
    now = start_of_day(completed, planning.hours.zone)
    first = plan_invitation(planning, wave, completed, now, SeededChance(seed))
    if first.opens_at is None:
        return
    sent = [SentMessage(each.kind, each.sequence, each.at) for each in first.messages[:2]]
    again = plan_invitation(
        planning, wave, completed + corrected * DAY, sent[-1].at + timedelta(minutes=1), SeededChance(seed), sent
    )
    assert again.opens_at == first.opens_at
    done = {(each.kind, each.sequence) for each in sent}
    assert done.isdisjoint(kinds(again))
    sent_on = {local_day(each.at, planning.hours.zone) for each in sent}
    assert sent_on.isdisjoint(local_day(each.at, planning.hours.zone) for each in again.messages)


def test_timing_the_draw_is_independent_of_everything_but_the_due_date_hours_and_chance() -> None:
    early = plan_invitation(HERS, M3, COMPLETED, ENROLLED, SeededChance(5))
    later = plan_invitation(HERS, M3, COMPLETED, ENROLLED + 40 * DAY, SeededChance(5))
    assert early == later
