"""The everyday survey behind a link of the survivors' side: it goes on, whoever answers it and whatever they answer.

Where somebody stands in it is in their own browser alone. Nothing that is answered here is kept, looked at or checked.
"""

from datetime import datetime

from surveys.instruments import phrases
from surveys.instruments.asking import ask
from surveys.instruments.form import Form
from surveys.instruments.state import State
from surveys.steps.page_said import Do, PageSaid, Screen, View


def screen_after(form: Form, said: PageSaid, language: str, now: datetime) -> Screen:
    """The screen that follows a form of the cover: decided by the form alone, never by who sent it."""
    if said.do is Do.STOP:
        return Screen(View.STOP, language, place=said.place)
    if said.do is Do.STOP_FOR_GOOD:
        return Screen(View.WORDS, language, phrases.signed_off(language))
    step = {Do.NEXT: 1, Do.SKIP: 1, Do.REFUSE: 1, Do.NOT_APPLICABLE: 1, Do.BACK: -1}.get(said.do, 0)
    return cover_screen(form, max(0, said.place + step), language, now)


def cover_screen(form: Form, place: int, language: str, now: datetime) -> Screen:
    """The cover's question at that place; after the last one its thanks."""
    items = [item for item in form.instrument.items if item.kind.asked]
    if place >= len(items):
        return Screen(View.WORDS, language, phrases.thanks(language))
    passed = tuple(item.name for item in items[:place])
    state = State(form.instrument.digest, language, at=items[place].name, passed=passed, turn=place)
    return Screen(View.COVER, language, asked=ask(form, state, now), place=place)
