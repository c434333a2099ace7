"""A questionnaire tried on a simulated telephone before it is published: by language and channel, as it will be asked.

Nothing that is typed here is kept; nothing is published but what was looked at here, with a fresh second factor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from staff import drafts
from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.drafts import Draft
from surveys.instruments import engine
from surveys.instruments.engine import SKIP, Pressed
from surveys.instruments.form import Form
from surveys.instruments.model import Instrument
from surveys.instruments.stored import dump, load
from surveys.language.sms import cost
from surveys.records import audit, instruments
from surveys.records.instruments import AlreadyPublished, Published
from surveys.rules.roles import May
from surveys.steps import trial
from surveys.steps.desk import NotFound
from surveys.steps.sms_text import question_text

CHANNELS = ("chat", "sms", "page")
GENDERS = ("unknown", "female", "male")
AT = "/staff/questionnaires/try"


@dataclass(frozen=True, slots=True)
class Sms:
    """The question as an SMS; `text` is None where it does not fit."""

    text: str | None
    segments: int
    price: float


def _draft(asked: Asked) -> Draft:
    found = drafts.find(asked.path["draft"], asked.reader.account.id, asked.now)
    if found is None:
        raise NotFound
    return found


async def shown(asked: Asked) -> Answer:
    """The telephone, and what to choose for it."""
    draft = _draft(asked)
    ask = draft.play.ask if draft.play else None
    language = draft.play.state.language if draft.play else asked.words.language
    async with asked.service.database.reading() as tx:
        there = await instruments.get(tx, draft.instrument.name, draft.instrument.version)
    values: dict[str, Any] = {
        "draft": asked.path["draft"], "instrument": draft.instrument, "play": draft.play, "ask": ask,
        "error": draft.error, "channel": draft.channel, "channels": CHANNELS, "genders": GENDERS, "spoken": language,
        "spoken_lang": language.replace("_", "-"), "languages_of": draft.instrument.languages,
        "sms": _sms(draft, asked) if draft.channel == "sms" and ask else None,
        "may_publish": asked.reader.reader.may(May.PUBLISH), "about": draft.about,
        "published": there is not None and there.digest == draft.instrument.digest,
        "price": asked.query.get("price") or _settled(asked),
    }  # fmt: skip
    return Shown("try.html", values)


def _sms(draft: Draft, asked: Asked) -> Sms:
    assert draft.play is not None
    assert draft.play.ask is not None
    text = question_text(draft.play.ask, draft.play.state.language, draft.error)
    segments, price = cost([text] if text else [], _price(asked))
    return Sms(text, segments, price)


def _settled(asked: Asked) -> str:
    """What a segment costs by the settings; empty where they do not say."""
    return asked.words.number(asked.sms.price) if asked.sms is not None and asked.sms.price is not None else ""


def _price(asked: Asked) -> float:
    text = (asked.query.get("price") or _settled(asked)).replace(",", ".")[:10]
    try:
        return max(0.0, float(text)) if text else 0.0
    except ValueError:
        return 0.0


async def begin(asked: Asked) -> Answer:
    """Start from the first question, in a language, on a channel, about people of these genders."""
    draft = _draft(asked)
    channel, gender, other = asked.text("channel"), asked.text("gender"), asked.text("other_gender")
    language = asked.text("language")
    if channel not in CHANNELS or {gender, other} - set(GENDERS) or language not in draft.instrument.languages:
        raise BadForm(asked.words.say_("Попуните сва обавезна поља."))
    facts = {"gender": gender, "other_gender": other}
    if word := asked.text("other_word", 60):
        facts["other_word"] = word
    elif language in asked.service.languages:
        facts["other_word"] = asked.service.library.other_word(other, language)
    draft.play = trial.begin(Form(draft.instrument), language, facts, asked.service.local(asked.now))
    draft.channel, draft.error = channel, None
    draft.about = {"gender": gender, "other_gender": other, "other_word": word}
    return _back(asked)


async def say(asked: Asked) -> Answer:
    """What the person types or presses."""
    draft = _draft(asked)
    play = draft.play
    if play is None or play.ask is None:
        return _back(asked)
    if asked.form.get("skip") == "yes":
        heard = engine.step(play.form, play.state, Pressed(play.state.turn, SKIP), play.now)
        play.state = heard.state
    else:
        heard = play.hear(asked.form.get("text", "")[:1000])
    draft.error = None if heard.accepted else play.objection(heard)
    return _back(asked)


def _back(asked: Asked) -> GoTo:
    return GoTo(f"{AT}/{asked.path['draft']}")


async def again(asked: Asked) -> Answer:
    """Try a version that is published already."""
    async with asked.service.database.writing() as tx:
        found = await instruments.get(tx, asked.path["name"], asked.path["version"])
        if found is None:
            raise NotFound
        audit.record(tx, asked.reader.account.id, "instrument.tried", found.digest, asked.now)
    return GoTo(f"{AT}/{drafts.keep(asked.reader.account.id, load(found.document), asked.now)}")


async def publish(asked: Asked) -> Answer:
    """Publish what was tried as a new version."""
    instrument = _draft(asked).instrument
    await published(asked, instrument)
    return GoTo(f"/staff/questionnaires/{instrument.name}/{instrument.version}")


async def published(asked: Asked, instrument: Instrument) -> None:
    """Publish; nothing that was published before is ever changed."""
    new = Published(
        instrument.name, instrument.version, instrument.digest, dump(instrument), asked.now, asked.reader.account.id
    )
    try:
        async with asked.service.database.writing() as tx:
            if await instruments.publish(tx, new):
                audit.record(tx, asked.reader.account.id, "instrument.published", instrument.digest, asked.now)
    except AlreadyPublished:
        raise BadForm(asked.words.say_("Ова верзија је већ објављена другачија. Повећајте број верзије.")) from None


PAGES: Sequence[Page] = (
    Page("GET", AT + "/{draft}", shown, May.SEE_QUESTIONNAIRES),
    Page("POST", AT + "/{draft}/begin", begin, May.SEE_QUESTIONNAIRES),
    Page("POST", AT + "/{draft}/say", say, May.SEE_QUESTIONNAIRES),
    Page("POST", AT + "/{draft}/publish", publish, May.PUBLISH, strong=True),
    Page("POST", "/staff/questionnaires/{name}/{version}/try", again, May.SEE_QUESTIONNAIRES),
)
