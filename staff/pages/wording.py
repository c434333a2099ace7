"""Wording approval: every notice and cover of the side, whole, in each language, and the approval of two people."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from surveys.instruments.form import Form
from surveys.instruments.wording import in_language
from surveys.language.catalogue import mark
from surveys.library import Library
from surveys.records import accounts, audit
from surveys.records.database import Tx
from surveys.rules.roles import May
from surveys.rules.vocabulary import SHIPPED_LANGUAGES, Channel
from surveys.steps import by_two, wording
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.readiness import NotAttested

AT = "/staff/settings/wording"
KINDS = {
    "notice": mark("позив на анкету"), "reminder": mark("подсетник"), "chat_notice": mark("позив у ћаскању"),
    "chat_reminder": mark("подсетник у ћаскању"),
}  # fmt: skip


async def shown(asked: Asked) -> Answer:
    """All of it, and who approved it."""
    library = asked.service.library
    async with asked.service.database.writing() as tx:
        by, on, of = await wording.approved(tx)
        waits = (await by_two.waiting(tx, Matter.WORDING, asked.now)).get(wording.digest(library))
        first = await accounts.get(tx, waits.asked_by) if waits else None
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="wording")
    values: dict[str, Any] = {
        "notices": [_notice(asked, name) for name in library.notices], "kinds": KINDS,
        "covers": [(in_language(each.instrument.title, asked.words.language), _cover(each)) for each in library.covers],
        "digest": wording.digest(library), "by": by,
        "on": asked.words.day(date.fromisoformat(on)) if on else "", "of": of, "waits": waits,
        "first": first.name if first else "", "own": waits is not None and waits.asked_by == asked.reader.account.id,
    }  # fmt: skip
    return Shown("wording.html", values)


def _languages(library: Library, channel: Channel) -> Sequence[str]:
    """All that a notice can go out in, the added ones too; an SMS in both Serbian scripts is the same plain Latin."""
    every = (*SHIPPED_LANGUAGES, *(each.language for each in library.translations))
    return [code for code in every if channel is not Channel.SMS or code != "sr_Cyrl"]


def _notice(asked: Asked, name: str) -> dict[str, Any]:
    """A notice in every language, as it goes out."""
    each = asked.service.library.notices[name]
    languages = _languages(asked.service.library, each.channel)
    said = [(language, asked.words.tag(language), each.said(language).replace("{link}", "…")) for language in languages]
    return {"name": name, "channel": each.channel, "kind": each.kind, "said": said}


def _cover(cover: Form) -> Sequence[tuple[str, Sequence[str]]]:
    """Language, title, and every question with its hint and options."""
    found = []
    for language in SHIPPED_LANGUAGES:
        lines = [in_language(cover.instrument.title, language)]
        lines += [
            "\n".join(in_language(each, language) for each in (item.labels, item.hints) if each) + "".join(
                f"\n• {in_language(row.labels, language)}" for row in cover.instrument.lists.get(item.choices or "", ())
            )
            for item in cover.instrument.items if item.kind.asked
        ]  # fmt: skip
        found.append((language, lines))
    return found


async def has_changed(tx: Tx, asked: Asked) -> bool:
    """Whether these exact words were approved by nobody."""
    return (await wording.approved(tx))[2] != wording.digest(asked.service.library)


async def approve(asked: Asked) -> Answer:
    """The reader has read it all."""
    if asked.text("seen", 64) != wording.digest(asked.service.library):
        raise BadForm(asked.words.say_("Речи су се у међувремену промениле. Прочитајте их поново."))
    try:
        async with asked.service.database.writing() as tx:
            await wording.approve(tx, asked.service, asked.reader.reader, asked.text("seen", 64), asked.now)
    except TakesAnother:
        raise asked.takes_another() from None
    except NotAttested:
        raise BadForm(asked.words.say_("Спремност стране још није уписана.")) from None
    return GoTo(AT)


PAGES = (Page("GET", AT, shown, May.CONFIGURE), Page("POST", AT, approve, May.CONFIGURE, strong=True))
