"""The synthetic cohort: made-up men in the proportions that the article gives for three centres. Nobody is real."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from posle.demo.truth import Truth, draw

ADMITTED = {"kragujevac": 17, "nis": 19, "belgrade": 22}
"""The article's figures: admitted to the group (Kragujevac, Niš), contacted (Belgrade)."""
SCALE = 9
FINISH = 0.8
"""The programme's target share of those who finish."""
WILLING = 0.97
ENTRY_DAYS = 28
BY_SMS = 0.1
"""Of the men, how many are reached by SMS; the others by Telegram."""
_WORDS = ("супруга", "бивша супруга", "девојка", "бивша девојка", None)
_LANGUAGES = ("sr_Latn", "sr_Latn", "sr_Latn", "sr_Cyrl", "en")


@dataclass(frozen=True, slots=True)
class Man:
    """One made-up participant: what staff hand in, the chat he will write from, and what is true of him."""

    chat: int
    given: dict[str, Any]
    truth: Truth


@dataclass(frozen=True, slots=True)
class Cohort:
    """How many started and completed, by centre, and the men who agreed to be asked."""

    started: dict[str, int]
    completed: dict[str, int]
    men: tuple[Man, ...]


def make_cohort(seed: int, first: date, scale: int = SCALE) -> Cohort:
    """The cohort of this seed; completion dates lie in the four weeks from `first` on."""
    chance = random.Random(seed)  # noqa: S311 - made-up people, repeatable on purpose
    truths, channels = random.Random(f"{seed} truth"), random.Random(f"{seed} channel")  # noqa: S311
    started = {centre: number * scale for centre, number in ADMITTED.items()}
    completed = {centre: round(number * FINISH) for centre, number in started.items()}
    places = [centre for centre, number in completed.items() for _ in range(number)]
    men = [
        _man(chance, at, centre, first, draw(truths)) for at, centre in enumerate(places) if chance.random() < WILLING
    ]
    men = [_by_sms(man) if channels.random() < BY_SMS else man for man in men]
    return Cohort(started, completed, tuple(men))


def _by_sms(man: Man) -> Man:
    return replace(man, given=man.given | {"channel": "sms", "phone": f"+38165{2_000_000 + man.chat}"})


def _man(chance: random.Random, at: int, centre: str, first: date, truth: Truth) -> Man:
    given = {
        "case_code": f"{centre[:2].upper()}-{chance.randrange(16**8):08x}",
        "centre": centre,
        "completed_on": (first + timedelta(days=chance.randrange(ENTRY_DAYS))).isoformat(),
        "channel": "telegram",
        "language": chance.choice(_LANGUAGES),
        "gender": "male",
        "other_gender": "female",
        "consent": {
            "contact": True, "evaluation": True, "call": chance.random() < 0.5, "recorded_by": "demo", "version": "1",
        },
    }  # fmt: skip
    word = chance.choice(_WORDS)
    return Man(10_001 + at, given | ({"other_word": word} if word else {}), truth)
