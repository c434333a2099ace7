"""What became of one wave, item by item: the answer, or which kind of missing it is. One row for each item, once.

An item that routing left out is not applicable; an item past the point that was reached was not reached, whatever the
answers so far would have meant for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from surveys.instruments.form import Form
from surveys.instruments.model import Item, Kind
from surveys.instruments.state import Ending, State, from_json
from surveys.records import answers, interviews
from surveys.records.answers import Answer
from surveys.records.database import Tx
from surveys.records.interviews import Interview
from surveys.records.invitations import Invitation
from surveys.rules.vocabulary import Channel, Missing
from surveys.steps.service import Service
from surveys.steps.stored_answer import decode


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One item of one wave: a value or a missing code, never both. `window` holds both ends, included."""

    item: Item
    value: str | None
    missing: Missing | None
    window: tuple[date, date] | None
    mode: Channel

    @property
    def asked(self) -> bool:
        """Whether the person came to it."""
        return self.missing not in (Missing.NOT_REACHED, Missing.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """One wave of one person. `mode` and `entries` are empty where no interview began."""

    invitation: Invitation
    mode: Channel | None
    entries: tuple[Entry, ...]

    @property
    def answered(self) -> int:
        """How many items have a value."""
        return sum(entry.value is not None for entry in self.entries)

    @property
    def asked(self) -> int:
        """How many items the person came to."""
        return sum(entry.asked for entry in self.entries)


async def response_of(tx: Tx, service: Service, invitation: Invitation) -> Response:
    """Everything that is known of this wave."""
    talks = await interviews.of_invitation(tx, invitation.id)
    if not talks:
        return Response(invitation, None, ())
    last = talks[-1]
    form = await service.form(tx, last.instrument, last.version)
    kept = [answer for talk in talks for answer in await answers.of_interview(tx, talk.id)]
    return Response(invitation, last.mode, tuple(_entries(service, form, last, kept)))


def _entries(service: Service, form: Form, talk: Interview, kept: Sequence[Answer]) -> list[Entry]:
    latest = {answer.item: answer for answer in sorted(kept, key=lambda answer: answer.given_at)}
    state = from_json(talk.state) if talk.state else None
    items = [item for item in form.instrument.items if _is_asked(item) or item.name in latest]
    left_out = _left_out(service, form, talk, state, latest.keys())
    return [_entry(item, latest.get(item.name), talk.mode, item.name in left_out) for item in items]


def _is_asked(item: Item) -> bool:
    """Notes are shown and calculations worked out; neither waits for an answer."""
    return item.kind.asked and item.kind is not Kind.NOTE


def _entry(item: Item, answer: Answer | None, mode: Channel, left_out: bool) -> Entry:
    if answer is None:
        return Entry(item, None, Missing.NOT_APPLICABLE if left_out else Missing.NOT_REACHED, None, mode)
    value, missing = decode(answer.value)
    whole = answer.window_start and answer.window_end
    window = (answer.window_start, answer.window_end) if whole else None
    return Entry(item, value, missing, window, answer.mode)  # type: ignore[arg-type]


def _left_out(
    service: Service, form: Form, talk: Interview, state: State | None, answered: Collection[str]
) -> frozenset[str]:
    """The items that routing or the channel passed over before the point that was reached."""
    if state is None:
        return frozenset()
    relevant = form.evaluate(state.values, service.local(talk.last_at)).relevant
    items = form.instrument.items
    reached = len(items) if state.ended is Ending.COMPLETE else _furthest(form, state, answered)
    return frozenset(
        item.name for item in items[:reached] if item.name not in relevant or talk.mode not in item.channels
    )


def _furthest(form: Form, state: State, answered: Collection[str]) -> int:
    """How many items, in the order of the form, lie before the furthest one that the person came to."""
    seen = {*state.passed, *state.missing, state.at, *answered}
    places = [place for place, item in enumerate(form.instrument.items) if item.name in seen]
    return max(places, default=0)
