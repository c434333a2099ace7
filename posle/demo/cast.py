"""Who is in the demo that one can touch: four men with chats, one with SMS; three women, each by another channel.

Nobody is real. The two sides' people are enrolled in folders of their own and never meet.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

CENTRE = "nis"
CODE, DURESS = "jutarnja kafa", "bela lala"
AGO = timedelta(days=92)
"""Three months and a little: their first wave is due."""


def men(today: date) -> dict[str, dict[str, Any]]:
    """Name → what staff hand in. Three finished the programme three months ago, the others today."""
    told = {
        "Милан (man)": ("telegram", "sr_Cyrl", today - AGO), "Dragan (man)": ("telegram", "sr_Latn", today - AGO),
        "Зоран (man)": ("telegram", "sr_Cyrl", today), "Goran (man)": ("telegram", "en", today),
        "Stevan (man)": ("sms", "sr_Latn", today - AGO),
    }  # fmt: skip
    return {name: _man(place, *each) for place, (name, each) in enumerate(told.items())}


def _man(place: int, channel: str, language: str, completed: date) -> dict[str, Any]:
    own = _common(f"NI-DEMO-{place}", completed, language, call=False) | {
        "channel": channel, "gender": "male", "other_gender": "female",
    }  # fmt: skip
    return own | ({"phone": f"+38164123450{place}"} if channel == "sms" else {})


def women(today: date) -> dict[str, dict[str, Any]]:
    """Name → what staff hand in. Each has a safe contact confirmed today; the words are `CODE` and `DURESS`."""
    told = {
        "Jelena (woman)": ("sms", "sr_Latn", "page"), "Весна (woman)": ("telegram", "sr_Cyrl", "chat"),
        "Mira (woman, called)": ("phone", "sr_Latn", "page"),
    }  # fmt: skip
    return {name: _woman(place, today, *each) for place, (name, each) in enumerate(told.items())}


def _woman(place: int, today: date, channel: str, language: str, interview: str) -> dict[str, Any]:
    own = _common(f"NI-DEMO-{place}", today - AGO, language, call=True) | {
        "channel": channel, "gender": "female", "other_gender": "male",
        "safe_contact": {
            "hours": [{"days": "mon-fri", "from": "09:00", "to": "16:00"}], "code_word": CODE, "duress_word": DURESS,
            "duress_plan": "Nobody is to call or write. Tell the on-call worker.", "confirmed_on": today.isoformat(),
            "interview": interview, "reminders": 1, "shared_phone": True,
        },
    }  # fmt: skip
    return own | ({} if channel == "telegram" else {"phone": f"+38165765430{place}"})


def _common(code: str, completed: date, language: str, *, call: bool) -> dict[str, Any]:
    consent: Mapping[str, Any] = {
        "contact": True, "evaluation": True, "call": call, "recorded_by": "demo", "version": "1",
    }  # fmt: skip
    return {
        "case_code": code, "centre": CENTRE, "completed_on": completed.isoformat(), "language": language,
        "consent": dict(consent),
    }  # fmt: skip
