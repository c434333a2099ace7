"""What is true of each made-up man, before anybody is asked: both sides of the demo answer from the same truth.

Nobody is real. Who lives with violence answers less often, and he admits half of it: that is what the report must bear.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.language.script import fold

HARM = ("threatened", "physical_force", "against_will")
_PEACE, _BETTER = 0.68, 0.72
_CONTACT = (0.45, 0.35, 0.2)
_ADMITS = 0.5
_MILD = re.compile("uvredili|insult|proveravali|check on")
_STOPPED = re.compile("zaustavili|stop yourself")
_MET = re.compile("kontakt sa|contact do you")
"""Words of his items, folded, in the languages that the demo speaks."""


@dataclass(frozen=True, slots=True)
class Truth:
    """`harm` is what happens at home, by item; `contact` the place of the option that is true; `better` whether he
    changed for the better; `admits` whether he says so."""

    harm: frozenset[str]
    mild: bool
    contact: int
    better: bool
    admits: bool


def draw(chance: random.Random) -> Truth:
    """One man's truth."""
    violent = chance.random() > _PEACE
    harm = {each for each in HARM if chance.random() < (0.75, 0.45, 0.12)[HARM.index(each)]} or {HARM[0]}
    better = chance.random() < (_BETTER if not violent else 0.3)
    contact = chance.choices((0, 1, 2), _CONTACT)[0]
    mild = chance.random() < (0.85 if violent else 0.3)
    return Truth(frozenset(harm if violent else ()), mild, contact, better, chance.random() < _ADMITS)


CALM = Truth(frozenset(), mild=False, contact=0, better=True, admits=True)


def her_answer(item: str, options: int, truth: Truth, chance: random.Random) -> int:
    """The place of what she marks; she tells it as it is."""
    match item:
        case "contact_now":
            place = truth.contact
        case "insulted" | "controlled":
            place = chance.randrange(1, 4) if truth.mild and chance.random() < 0.8 else 0
        case "threatened" | "physical_force" | "against_will":
            place = chance.randrange(1, 3) if item in truth.harm else 0
        case "severity" | "wants_call":
            place = options - 1 if chance.random() < 0.85 else chance.randrange(options)
        case "earlier_harm":
            place = int(bool(truth.harm) and chance.random() < 0.6)
        case "afraid_now":
            place = chance.choices((0, 1, 2, 3), (1, 3, 4, 2) if truth.harm else (7, 3, 1, 0))[0]
        case _:
            place = chance.choices((0, 1, 2, 3), (4, 5, 2, 0) if truth.better else (1, 2, 5, 3))[0]
    return min(place, options - 1)


def his_answer(text: str, labels: Sequence[str], truth: Truth, chance: random.Random) -> int:
    """The place of what he chooses, by what his phone shows: counts are lettered, other options numbered."""
    counted, text = labels[0][:1].isalpha(), fold(text)
    if _MET.search(text):
        place = truth.contact
    elif counted and _STOPPED.search(text):
        place = chance.choices((0, 1, 2, 3), (2, 3, 4, 2))[0]
    elif counted and _MILD.search(text):
        place = chance.randrange(1, 3) if truth.mild and truth.admits else 0
    elif counted:
        place = int(bool(truth.harm) and truth.admits and chance.random() < 0.7)
    else:
        place = chance.choices((0, 1, 2, 3), (6, 3, 1, 0) if truth.better else (2, 3, 3, 1))[0]
    return min(place, len(labels) - 1)
