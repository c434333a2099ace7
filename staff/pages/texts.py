"""Consent texts: every version with the hash of its exact words in each script, a new one, and the agreement to it.

It shows the whole of what is agreed to on the page on which it is agreed to.
"""

from collections.abc import Mapping
from typing import Any

from staff.asked import Answer, Asked, GoTo, Page, Shown
from surveys.language.catalogue import mark
from surveys.library.wording import Text
from surveys.records import accounts, audit
from surveys.rules.roles import May
from surveys.rules.vocabulary import SHIPPED_LANGUAGES, Channel
from surveys.steps import by_two, configured, consent_texts
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.consent_texts import NAMES, TextRefused, Version
from surveys.steps.desk import NotFound

AT = "/staff/settings/texts"
TITLES = {"consent_contact": mark("Пристанак на упису"), "consent_wave": mark("Пристанак пре питања")}
GROUPS = {
    "words": mark("Цео текст"), "page": mark("На страници"), "phone": mark("Наглас, телефоном"),
    "sms": mark("Краће, за SMS"),
}  # fmt: skip
LANGUAGES = {"sr_Cyrl": "ћирилица", "en": "English", "ascii": "latinica bez kvačica"}
WRONG: Mapping[str, str] = {
    "empty": mark("Ово поље је празно."),
    "long": mark("Текст је предугачак."),
    "gaps": mark("Места у витичастим заградама, као {phone}, морају да остану иста."),
    "mixed": mark("Српски текст се пише ћирилицом; латиница настаје сама."),
    "undull": mark("Овај текст се види пре пристанка: у њему не сме да стоји чиме се бавимо."),
    "plain": mark("Овде смеју само обична латинична слова без квачица."),
    "same": mark("Ништа није промењено."),
    "voluntary": mark("Текст не каже да је учешће добровољно."),
    "law": mark("Текст не каже шта по закону мора да се пријави."),
    "emergency": mark("Текст не каже да је хитан број 192."),
    "ambulance": mark("Текст не каже да је хитан број 194."),
}


async def shown(asked: Asked) -> Answer:
    """Both texts and their versions."""
    async with asked.service.database.writing() as tx:
        every = [(name, await consent_texts.versions(tx, asked.service, name)) for name in NAMES]
        waiting = await by_two.waiting(tx, Matter.TEXT, asked.now)
        names = {each.id: each.name for each in await accounts.everyone(tx)}
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="consent_text")
    texts = [(name, TITLES[name], [_said(asked, each) for each in found if _counts(each, waiting)])
             for name, found in every]  # fmt: skip
    values: dict[str, Any] = {"texts": texts, "waiting": waiting, "names": names, "own": asked.reader.account.id}
    return Shown("texts.html", values)


def _counts(version: Version, waiting: Mapping[str, object]) -> bool:
    """What was dropped is not shown; what holds or held is, for ever."""
    return version.since is not None or version.row is None or version.row.id in waiting


def _said(asked: Asked, version: Version) -> dict[str, Any]:
    """A version with its exact words and their hashes, as each language and channel shows them."""
    text = version.text
    own = ((Channel.PAGE, text.page), (Channel.PHONE, text.phone), (Channel.SMS, text.sms))
    channels = (None, *(channel for channel, words in own if words))
    return {
        "version": version,
        "shown_as": [_as(asked, text, language, channel) for language in SHIPPED_LANGUAGES for channel in channels],
    }


def _as(asked: Asked, text: Text, language: str, channel: Channel | None) -> dict[str, Any]:
    plain = channel is Channel.SMS and language != "en"
    return {
        "language": language, "channel": channel, "words": text.said_on(channel, language),
        "digest": text.digest(language, channel), "tag": "sr-Latn" if plain else asked.words.tag(language),
    }  # fmt: skip


async def form(asked: Asked) -> Answer:
    """A new version, beginning from the one that holds."""
    text = asked.service.library.texts[_name(asked)]
    return _form(asked, consent_texts.parts_of(text), {})


def _form(asked: Asked, given: Mapping[str, str], errors: Mapping[str, str]) -> Shown:
    name = _name(asked)
    fields = []
    for part in consent_texts.parts_of(asked.service.library.texts[name]):
        group, _, language = part.partition(".")
        fields.append((part, GROUPS[group], LANGUAGES.get(language, language), _tag(asked, language)))
    values: dict[str, Any] = {
        "title": TITLES[name], "fields": fields, "given": given, "errors": errors, "name": name,
    }  # fmt: skip
    return Shown("text_new.html", values, 422 if errors else 200)


def _tag(asked: Asked, language: str) -> str:
    return "sr-Latn" if language == "ascii" else asked.words.tag(language)


async def propose(asked: Asked) -> Answer:
    """Write it; it waits for another person."""
    name = _name(asked)
    given = {part: asked.text(part, 8000) for part in consent_texts.parts_of(asked.service.library.texts[name])}
    try:
        async with asked.service.database.writing() as tx:
            await consent_texts.propose(tx, asked.service, asked.reader.reader, name, given, asked.now)
    except TextRefused as refused:
        return _form(asked, given, {refused.part: asked.words.say_(WRONG[refused.wrong])})
    return GoTo(AT)


async def publish(asked: Asked) -> Answer:
    """Another person has read it: it holds."""
    try:
        async with asked.service.database.writing() as tx:
            await consent_texts.publish(tx, asked.service, asked.reader.reader, asked.path["row"], asked.now)
    except TakesAnother:
        raise asked.takes_another() from None
    await configured.reread(asked.service, asked.now)
    return GoTo(AT)


async def drop(asked: Asked) -> Answer:
    """It is not to be published."""
    try:
        async with asked.service.database.writing() as tx:
            await consent_texts.drop(tx, asked.reader.reader, asked.path["row"], asked.now)
    except TakesAnother:
        raise NotFound from None
    return GoTo(AT)


def _name(asked: Asked) -> str:
    if asked.path["name"] not in NAMES:
        raise NotFound
    return asked.path["name"]


PAGES = (
    Page("GET", AT, shown, May.CONFIGURE),
    Page("GET", f"{AT}/{{name}}/new", form, May.CONFIGURE),
    Page("POST", f"{AT}/{{name}}/new", propose, May.CONFIGURE, strong=True),
    Page("POST", f"{AT}/waiting/{{row}}/publish", publish, May.CONFIGURE, strong=True),
    Page("POST", f"{AT}/waiting/{{row}}/drop", drop, May.CONFIGURE, strong=True),
)
