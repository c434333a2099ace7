"""What will be sent to whom and when, or why nothing will, for a whole side. It shows ids, instants and codes alone."""

from pathlib import Path

from posle.opening import opened, service_of
from surveys.records import holds, participants
from surveys.rules.reasons import Reason
from surveys.steps.outlook import Wave, waves_of

_BECAME = {
    "sent": "Every message of this wave was sent; it can be answered until it closes.",
    **dict.fromkeys(("complete", "partial"), "The wave was answered."),
    **dict.fromkeys(("refusal", "break_off"), "The wave was declined, or broken off."),
    **dict.fromkeys(("non_contact", "unknown", "expired"), "The wave is over, without an answer."),
    "unsafe_to_contact": "It was not safe to contact the person in this wave.",
    "not_reconfirmed": "The safe contact was not confirmed anew in time.",
}
"""What became of a wave of which nothing is sent any more, where it is no reason."""


async def look_ahead(folder: Path) -> list[Wave]:
    """Every wave of every participant, in the order of their ids."""
    async with opened(folder) as (settings, database), database.reading(long=True) as tx:
        service, standing = service_of(settings, database), await holds.standing(tx)
        waves: list[Wave] = []
        people = await participants.page(tx)
        while people:
            for person in people:
                waves += await waves_of(tx, service, person, standing)
            people = await participants.page(tx, after=people[-1].id)
        return waves


def in_words(code: str | None) -> str:
    """A reason as one line that staff can read; another code as it is."""
    if code is None:
        return ""
    return Reason(code).line if code in set(Reason) else _BECAME.get(code, code)
