"""The alerts of one person as one entry: seen, taken and closed together, each still a row and audited for itself.

It must never take or close an alert that the reader was not shown: one that was opened meanwhile waits and escalates.
Of what raised them it says the kind alone, and to those alone who may read answers; never the answer, nor the number.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.language.danger import Danger
from surveys.records import alerts, audit, interviews
from surveys.records.alerts import Alert
from surveys.records.database import Tx
from surveys.rules.roles import May, Reader
from surveys.rules.vocabulary import Urgency
from surveys.steps import taking
from surveys.steps.alarm import ANSWER
from surveys.steps.desk import NotFound
from surveys.steps.duress import plan_of
from surveys.steps.gate import DURESS
from surveys.steps.taking import DRILL

WORDS = "words"
RULES = (ANSWER, WORDS, *(each.value for each in Danger), DURESS, DRILL)
"""What may have raised an alert."""


@dataclass(frozen=True, slots=True)
class Raised:
    """Alerts about one person that are not closed, or one drill; the first one stands for all."""

    alerts: tuple[Alert, ...]

    @property
    def first(self) -> Alert:
        """The one by whose id the entry is opened."""
        return self.alerts[0]

    @property
    def waiting(self) -> tuple[Alert, ...]:
        """Those that nobody took."""
        return tuple(each for each in self.alerts if each.state == "open")

    @property
    def taken(self) -> tuple[Alert, ...]:
        """Those that somebody took."""
        return tuple(each for each in self.alerts if each.state == "acknowledged")

    def closed_by(self, account: str) -> tuple[Alert, ...]:
        """Those that this account closes together: what it took itself; where it took none, a colleague's first one."""
        return tuple(each for each in self.taken if each.acknowledged_by == account) or self.taken[:1]

    @property
    def urgency(self) -> Urgency:
        """The highest of them."""
        urgent = any(each.urgency is Urgency.URGENT for each in self.alerts)
        return Urgency.URGENT if urgent else self.first.urgency

    @property
    def opened_at(self) -> datetime:
        """Since when something waits."""
        return min(each.opened_at for each in self.alerts)

    @property
    def call_consented(self) -> bool:
        """Whether a call is agreed to by every one of them: after a duress word it is not, whatever came before."""
        return not self.duress and all(each.call_consented for each in self.alerts)

    @property
    def duress(self) -> bool:
        """Whether her duress word is among them: nobody calls or writes."""
        return any(each.rule == DURESS for each in self.alerts)

    @property
    def next(self) -> Alert | None:
        """The one that escalates next."""
        return min(self.waiting, key=lambda each: each.escalate_at or each.opened_at, default=None)

    def is_red(self, now: datetime) -> bool:
        """Whether one of them was not taken in time."""
        return any(each.is_red(now) for each in self.alerts)


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """An entry as its page shows it. `plan` is hers after a duress word, None without one; `responses` are the waves
    whose answers raised something, and `may_read` says whether the reader is told what raised it."""

    raised: Raised
    plan: str | None
    responses: Sequence[str]
    may_read: bool


async def entries(tx: Tx, reader: Reader, found: Sequence[Alert]) -> list[Raised]:
    """Whole entries of those whose alerts are on this page of them: a duress word may stand on another one."""
    there, more = {each.id for each in found}, []
    for person in dict.fromkeys(each.participant for each in found if each.participant):
        more += [e for e in await _open_ones(tx, reader, person) if e.id not in there]
    return gathered([*found, *more])


async def _open_ones(tx: Tx, reader: Reader, participant: str) -> list[Alert]:
    everything = await alerts.of_participant(tx, participant)
    return [each for each in everything if each.state != "closed" and reader.sees(each.centre)]


def gathered(found: Iterable[Alert]) -> list[Raised]:
    """The alerts by person, in the order of their first; a drill stands alone, below everybody else."""
    by: dict[str, list[Alert]] = {}
    for each in found:
        by.setdefault(each.participant or each.id, []).append(each)
    return sorted((Raised(tuple(each)) for each in by.values()), key=lambda each: each.first.drill)


async def open_matter(tx: Tx, reader: Reader, name: str, now: datetime) -> Opened:
    """Everything about the person of this alert that is not closed, each read and audited; NotFound."""
    raised = await _matter(tx, reader, name)
    for each in raised.alerts:
        audit.record(tx, reader.account, "alert.read", each.id, now)
    plans = [await plan_of(tx, each.id, reader.account, now) for each in raised.alerts]
    plan = next((each for each in plans if each is not None), None)
    may_read = reader.may(May.SEE_RESPONSES)
    talks = dict.fromkeys(each.interview for each in raised.alerts if each.interview) if may_read else ()
    waves = dict.fromkeys([await interviews.invitation_of(tx, talk) for talk in talks])
    return Opened(raised, plan, [each for each in waves if each], may_read)


async def _matter(tx: Tx, reader: Reader, name: str) -> Raised:
    found = await alerts.get(tx, name)
    if found is None or not reader.sees(found.centre):
        raise NotFound
    others = await _open_ones(tx, reader, found.participant) if found.participant else []
    open_ = [each for each in others if each.id != name]
    return Raised((found, *sorted(open_, key=lambda each: (each.urgency is not Urgency.URGENT, each.opened_at))))


async def take(tx: Tx, reader: Reader, name: str, shown: Collection[str], now: datetime) -> None:
    """The reader takes this alert and those beside it that were shown: they escalate no further. NotFound where none
    of them was still open."""
    raised = await _matter(tx, reader, name)
    wanted = [each.id for each in raised.waiting if each.id == name or each.id in shown]
    taken = [each for each in wanted if await taking.take(tx, each, reader.account, now)]
    if not taken:
        raise NotFound


async def close(
    tx: Tx, reader: Reader, name: str, shown: Collection[str], answered: bool, now: datetime
) -> None:  # fmt: skip
    """Close this alert and those beside it that were shown and that the reader took: what a colleague does about
    another is not known to them. `answered` is the side's own question (safety.md, Danger): on his side whether the
    survivors' service was informed, person to person, outside the system; on hers whether the action could let him
    infer its source. It is kept with each and in the audit, for everybody alike."""
    raised = await _matter(tx, reader, name)
    own = {each.id for each in raised.taken if each.acknowledged_by == reader.account}
    wanted = [each.id for each in raised.taken if each.id == name or (each.id in own and each.id in shown)]
    closed = [each for each in wanted if await taking.close(tx, each, reader.account, answered, now)]
    if not closed:
        raise NotFound
