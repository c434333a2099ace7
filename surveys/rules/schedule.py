"""Plans a person's waves: what is sent when, and the reason for everything that is not. Pure; chance is passed in.

It never plans an instant outside the hours, two messages for one day, or anything at or after the wave's closing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from surveys.rules.calendar import due_on, local_day, start_of_day
from surveys.rules.chance import Chance
from surveys.rules.hours import SafeHours
from surveys.rules.protocol import LateEntry, Protocol, Wave
from surveys.rules.reasons import Reason
from surveys.rules.spread import drain_at, draw
from surveys.rules.vocabulary import DeliveryKind

WAVE_DUE, NO_REPLY_YET = "wave_due", "no_reply_yet"
"""Why a message is planned: the codes kept with it."""


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning one person needs: `reminders` as agreed with them (None: the protocol's default)."""

    protocol: Protocol
    hours: SafeHours
    reminders: int | None = None
    optional_waves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A notice or reminder of this wave that was, or may have been, sent."""

    kind: DeliveryKind
    sequence: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message to be sent at `at`; from `not_after` on it is too late."""

    kind: DeliveryKind
    sequence: int
    at: datetime
    not_after: datetime
    why: str


@dataclass(frozen=True, slots=True)
class SkippedMessage:
    """A message that will not be sent, and the reason."""

    kind: DeliveryKind
    sequence: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """One wave: when it opens and closes (from `closes_at` on it is over), or in `reason` why it never opens."""

    wave: str
    due_on: date
    opens_at: datetime | None
    closes_at: datetime
    reason: Reason | None = None
    messages: tuple[PlannedMessage, ...] = ()
    skipped: tuple[SkippedMessage, ...] = ()


def veiled(plan: Plan, open_days: int, zone: tzinfo, now: datetime) -> Plan:
    """The plan without its due date: by the day of the first message alone, and over `open_days` after that day.

    On a side of safe contacts the completion date, which a due date would give away, is not kept (safety.md).
    """
    if plan.opens_at is None:  # it is over as it is written down, and says that day alone
        today = local_day(now, zone)
        return replace(plan, due_on=today, closes_at=start_of_day(today, zone))
    day = local_day(plan.opens_at, zone)
    closes = min(plan.closes_at, start_of_day(day + timedelta(days=open_days + 1), zone))
    messages = tuple(replace(each, not_after=min(each.not_after, closes)) for each in plan.messages if each.at < closes)
    return replace(plan, due_on=day, closes_at=closes, messages=messages)


def plan_waves(planning: Planning, completed_on: date, now: datetime, chance: Chance) -> tuple[Plan, ...]:
    """A plan for every wave of the protocol, in its order."""
    return tuple(plan_invitation(planning, wave, completed_on, now, chance) for wave in planning.protocol.waves)


def plan_invitation(
    planning: Planning,
    wave: Wave,
    completed_on: date,
    now: datetime,
    chance: Chance,
    sent: Sequence[SentMessage] = (),
) -> Plan:
    """Plan, or plan anew after a correction: what was sent stays as it was, and what follows it is counted from it."""
    due = due_on(completed_on, wave.months)
    closes = start_of_day(due + timedelta(days=planning.protocol.closing_after_days + 1), planning.hours.zone)
    notice = next((message.at for message in sent if message.kind is DeliveryKind.NOTICE), None)
    opens = notice or _first_contact(planning, wave, due, closes, now, chance)
    if isinstance(opens, Reason):
        return Plan(wave.name, due, None, closes, opens)
    reminders, skipped = _reminders(planning, opens, closes, now, chance, sent)
    first = [] if notice else [PlannedMessage(DeliveryKind.NOTICE, 0, opens, closes, WAVE_DUE)]
    return Plan(wave.name, due, opens, closes, None, (*first, *reminders), skipped)


def _first_contact(
    planning: Planning, wave: Wave, due: date, closes: datetime, now: datetime, chance: Chance
) -> datetime | Reason:
    if wave.is_off and wave.name not in planning.optional_waves:
        return Reason.WAVE_OFF
    if now >= closes:
        return Reason.ENTERED_TOO_LATE
    first, hours = planning.protocol.first_contact, planning.hours
    start = max(now, start_of_day(due + timedelta(days=first.from_day), hours.zone))
    end = min(closes, start_of_day(due + timedelta(days=first.to_day + 1), hours.zone))
    late = due < local_day(now, hours.zone) and first.late is LateEntry.AT_ONCE
    windows = [] if late else hours.between(start, end)
    if windows:
        return draw(windows, chance)
    return drain_at(start, hours, closes, chance) or Reason.NO_ALLOWED_TIME


def _reminders(
    planning: Planning, notice: datetime, closes: datetime, now: datetime, chance: Chance, sent: Sequence[SentMessage]
) -> tuple[list[PlannedMessage], tuple[SkippedMessage, ...]]:
    """Each lies the protocol's days after the notice, or as soon after as the hours allow.

    It is too late on the day that the next one is for, so that neither holidays nor an outage are followed by both.
    """
    rules, hours = planning.protocol.reminders, planning.hours
    wanted = rules.after_days[: rules.agreed(planning.reminders)]
    done = {message.sequence for message in sent if message.kind is DeliveryKind.REMINDER}
    free = _day_after(max([notice, *(message.at for message in sent)]), 1, hours)
    starts = [_day_after(notice, days, hours) for days in wanted]
    planned: list[PlannedMessage] = []
    skipped: list[SkippedMessage] = []
    for sequence, (start, following) in enumerate(zip(starts, [*starts[1:], closes], strict=False)):
        if sequence in done:
            continue
        too_late = min(following, closes)
        windows = hours.next_day(max(now, free, start), too_late)
        if windows:
            at = draw(windows, chance)
            planned.append(PlannedMessage(DeliveryKind.REMINDER, sequence, at, too_late, NO_REPLY_YET))
        else:
            skipped.append(SkippedMessage(DeliveryKind.REMINDER, sequence, Reason.NO_ALLOWED_TIME))
    return planned, tuple(skipped)


def _day_after(instant: datetime, days: int, hours: SafeHours) -> datetime:
    """The start of the local day so many days later."""
    return start_of_day(local_day(instant, hours.zone) + timedelta(days=days), hours.zone)
