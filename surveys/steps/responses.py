"""What became of one wave, item by item: the answer, or which kind of missing it is. One row for each item, once.

An item that routing left out is not applicable. Past the point that was reached that is said only where no answer that
is still open could have led to the item; the others were not reached.
"""

import re
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

_PATH = re.compile(r"/[\w.-]+(?:/[\w.-]+)*")


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
    """The items that routing or the channel certainly passed over."""
    if state is None:
        return frozenset()
    relevant = form.evaluate(state.values, service.local(talk.last_at)).relevant
    items = form.instrument.items
    reached = len(items) if state.ended is Ending.COMPLETE else _furthest(form, state, answered)
    settled = _settled(items, reached)
    return frozenset(
        item.name
        for place, item in enumerate(items)
        if talk.mode not in item.channels
        or (item.name not in relevant and (place < reached or _led_to_by(item) <= settled))
    )


def _settled(items: Sequence[Item], reached: int) -> frozenset[str]:
    """The paths whose values no later answer changes: what came before, facts, and what is worked out from these."""
    settled = {item.path for place, item in enumerate(items) if item.kind is Kind.HIDDEN or place < reached}
    worked_out = [item for item in items if item.kind is Kind.CALCULATE and item.path not in settled]
    for _ in worked_out:
        settled |= {item.path for item in worked_out if _paths(item.calculation) | _led_to_by(item) <= settled}
    return frozenset(settled)


def _led_to_by(item: Item) -> frozenset[str]:
    """The paths that decide whether the item is asked."""
    return _paths(item.relevant).union(*(_paths(condition) for _, condition in item.groups))


def _paths(expression: str | None) -> frozenset[str]:
    return frozenset(_PATH.findall(expression or ""))


def _furthest(form: Form, state: State, answered: Collection[str]) -> int:
    """How many items, in the order of the form, lie before the furthest one that the person came to."""
    seen = {*state.passed, *state.missing, state.at, *answered}
    places = [place for place, item in enumerate(form.instrument.items) if item.name in seen]
    return max(places, default=0)
