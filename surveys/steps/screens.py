"""One form of an interview that is shown screen by screen, on the private page or to staff in a call: what it leads to.

It must never show an earlier answer, nor take an answer to a question that was not the one shown.
"""

from dataclasses import replace
from datetime import datetime

from surveys.instruments import phrases
from surveys.instruments.asking import Ask, ask
from surveys.instruments.model import Kind
from surveys.records.database import Tx
from surveys.rules.vocabulary import Channel
from surveys.steps.page_said import Do, PageSaid, Screen, View, incoming
from surveys.steps.ports import Event, Incoming
from surveys.steps.service import Service
from surveys.steps.settle import Person, settle
from surveys.steps.speech import NUMBERS
from surveys.steps.standing import standing_of
from surveys.steps.turn import Act, Stage, Standing, Turn, decide, speak

ENDINGS = (Act.COMPLETE, Act.REFUSE, Act.WITHDRAW, Act.WRONG_NUMBER, Act.LEAVE)


async def say(
    tx: Tx, service: Service, person: Person, channel: Channel, said: PageSaid, now: datetime
) -> tuple[Screen, Act | None]:
    """The screen that follows, and how the interview ended, where it did."""
    standing = await standing_of(tx, service, person, channel, now)
    asked = _asked(standing)
    if said.do is Do.STOP:
        return Screen(View.STOP, standing.language), None
    if said.do is Do.LINES:
        return Screen(View.LINES, standing.language, standing.words(NUMBERS, standing.language)), None
    if said.do is Do.SPEAK:
        return await _spoken(tx, service, person, standing, said, now), None
    if asked is not None and said.do is not Do.START and said.do is not Do.STOP_FOR_GOOD and said.turn != asked.turn:
        return _shown(standing), None
    meant = incoming(said, standing, asked)
    if meant is None:
        assert asked is not None
        return _shown(standing, _unmarked(asked, standing.language)), None
    turn = decide(standing, meant)
    await settle(tx, service, person, meant, turn, now)
    ended = next((act for act in ENDINGS if act in turn.acts), None)
    if ended is not None:
        text = turn.reply.shown.text if turn.reply and turn.reply.shown else ""
        return Screen(View.WORDS, standing.language, text), ended
    return _shown(_after(standing, turn), turn.reply.note if turn.reply else ""), None


async def _spoken(
    tx: Tx, service: Service, person: Person, standing: Standing, said: PageSaid, now: datetime
) -> Screen:
    """Another script or language; one that is not spoken here changes nothing."""
    if said.language not in service.languages:
        return _shown(standing)
    turn = speak(standing, said.language)
    await settle(tx, service, person, Incoming(standing.channel, "", Event.TEXT), turn, now)
    return _shown(_after(replace(standing, language=said.language), turn))


def _after(standing: Standing, turn: Turn) -> Standing:
    """The standing once the turn is settled."""
    stage = Stage.ITEMS if Act.AGREE in turn.acts else standing.stage
    begun = Stage.CONSENT if Act.BEGIN in turn.acts else stage
    return replace(standing, stage=begun, state=turn.state or standing.state)


def _asked(standing: Standing) -> Ask | None:
    if standing.stage is not Stage.ITEMS or standing.form is None or standing.state is None:
        return None
    return ask(standing.form, standing.state, standing.now)


def _shown(standing: Standing, note: str = "") -> Screen:
    """The screen of the point at which somebody stands."""
    words, language = standing.words, standing.language
    asked = _asked(standing)
    if asked is not None:
        return Screen(View.ITEM, language, note=note, asked=asked)
    buttons = words("consent_agree", language), words("consent_decline", language)
    return Screen(View.CONSENT, language, words("consent_wave", language), note, buttons=buttons)


def _unmarked(asked: Ask, language: str) -> str:
    return phrases.mark_all(language) if asked.kind is Kind.SELECT_MULTIPLE else phrases.mark_one(language)
