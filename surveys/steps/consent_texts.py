"""Consent texts as the console keeps them: a new version is written by one person and published by another.

Every version stays: what somebody agreed to can be read for ever, by the hash in the record of their consent.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from surveys.language.dull import undull
from surveys.language.script import Script, fold, script_of
from surveys.library.wording import OWN, Stage, Text
from surveys.records import approvals, audit, configured
from surveys.records.configured import Kept
from surveys.records.database import Tx
from surveys.rules.roles import Reader
from surveys.steps import by_two
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.configured import Kind, text_from
from surveys.steps.service import Service

NAMES = ("consent_contact", "consent_wave")
LONGEST = 6000
_GAP = re.compile(r"\{\w+\}")
_NEEDED = (("voluntary", ("dobrovoljn", "volunt")), ("law", ("zakon", "law")), ("emergency", ("192",)),
           ("ambulance", ("194",)))  # fmt: skip
"""What safety.md asks of every consent that a program can see; whether the rest is said is for who agrees to judge."""


class TextRefused(ValueError):
    """This text is not published; `part` is the field, `wrong` a word of the closed list in `WRONG`."""

    def __init__(self, part: str, wrong: str) -> None:
        super().__init__(f"{part}: {wrong}")
        self.part, self.wrong = part, wrong


WRONG = ("empty", "long", "gaps", "mixed", "undull", "plain", "same", *(name for name, _ in _NEEDED))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a text. `since` is None for what shipped and for what waits; `row` names what was written here."""

    text: Text
    since: datetime | None = None
    row: Kept | None = None


def parts_of(text: Text) -> dict[str, str]:
    """Every field of the text that is written by hand, such as `words.sr_Cyrl`; Latin is derived."""
    found: dict[str, str] = {}
    for group, words in (("words", text.words), ("page", text.page), ("phone", text.phone), ("sms", text.sms)):
        found |= {f"{group}.{language}": said for language, said in words.items()}
    return found


async def versions(tx: Tx, service: Service, name: str) -> list[Version]:
    """Those that wait, then every version, the one that holds before the others: an upgrade may have brought it."""
    rows = [each for each in await configured.every(tx) if each.kind == Kind.TEXT]
    own = [Version(text_from(json.loads(each.document)), each.in_force_from, each) for each in rows]
    mine = [each for each in own if each.text.name == name]
    came = Version(service.shipped.texts[name])
    held = [each for each in reversed(mine) if each.since is not None]
    holds = [each for each in held if each.text.stands_over(came.text)]
    return [*(each for each in mine if each.since is None), *holds, came, *(each for each in held if each not in holds)]


async def propose(
    tx: Tx, service: Service, reader: Reader, name: str, given: Mapping[str, str], now: datetime
) -> str:  # fmt: skip
    """Write a new version, which waits for another person; its row. TextRefused."""
    standing = service.library.texts[name]
    parts = {part: given.get(part, "").replace("\r\n", "\n").strip() for part in parts_of(standing)}
    for part, said in parts.items():
        _check(part, said, standing)
    if parts == {part: said.strip() for part, said in parts_of(standing).items()}:
        raise TextRefused("words.sr_Cyrl", "same")
    first = OWN * service.shipped.texts[name].version
    every = [each.text.version for each in await versions(tx, service, name)]
    document = {"name": name, "version": max(first, *every) + 1, "stage": standing.stage, **_groups(parts)}
    row = await configured.keep(
        tx, Kind.TEXT, json.dumps(document, ensure_ascii=False), reader.account, now, in_force=False
    )
    await by_two.ask(tx, reader, Matter.TEXT, row, now)
    return row


def _groups(parts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {"words": {}, "page": {}, "phone": {}, "sms": {}}
    for part, said in parts.items():
        group, _, language = part.partition(".")
        groups[group][language] = said
    return groups


def _check(part: str, said: str, standing: Text) -> None:
    language = part.partition(".")[2]
    if not said or len(said) > LONGEST:
        raise TextRefused(part, "long" if said else "empty")
    if sorted(_GAP.findall(said)) != sorted(_GAP.findall(parts_of(standing)[part])):
        raise TextRefused(part, "gaps")
    if language == "sr_Cyrl" and not _in_cyrillic(said):
        raise TextRefused(part, "mixed")
    if part in ("sms.ascii", "sms.en") and not said.isascii():
        raise TextRefused(part, "plain")
    if standing.stage is Stage.BEFORE and undull(said) and not undull(parts_of(standing)[part]):
        raise TextRefused(part, "undull")
    if lacking := _lacking(language, said):
        raise TextRefused(part, lacking)


def _in_cyrillic(said: str) -> bool:
    """Latin is derived from it, so no word may mix the two."""
    bare = _GAP.sub("", said)
    mixed = any(script_of(word) is Script.MIXED for word in bare.split())
    return not mixed and script_of(bare) in (Script.CYRILLIC, Script.MIXED)


def _lacking(language: str, said: str) -> str:
    """What every consent must say and this one does not; empty where nothing lacks."""
    if language not in ("sr_Cyrl", "en", "ascii"):
        return ""
    folded = fold(said)
    return next((wrong for wrong, words in _NEEDED if not any(word in folded for word in words)), "")


async def publish(tx: Tx, service: Service, reader: Reader, row: str, now: datetime) -> None:
    """Another person has read it whole: it holds from now on. TakesAnother, also where a newer text shipped meanwhile,
    over which it could not hold."""
    await _see_that_it_would_hold(tx, service, row)
    await by_two.agree(tx, reader, Matter.TEXT, row, now)
    if not await configured.put_in_force(tx, row, reader.account, now):
        raise TakesAnother
    audit.record(tx, reader.account, "text.published", row, now)
    await _drop_older(tx, row, now)


async def _see_that_it_would_hold(tx: Tx, service: Service, row: str) -> None:
    found = [each for each in await configured.every(tx) if each.id == row and each.kind == Kind.TEXT]
    texts = [text_from(json.loads(each.document)) for each in found]
    if not all(text.stands_over(service.shipped.texts[text.name]) for text in texts):
        raise TakesAnother


async def _drop_older(tx: Tx, row: str, now: datetime) -> None:
    """What waited with a lower version can hold no more: a side must not go back to it by one click."""
    texts = {each.id: json.loads(each.document) for each in await configured.every(tx) if each.kind == Kind.TEXT}
    this = texts[row]
    for found in (await by_two.waiting(tx, Matter.TEXT, now)).values():
        other = texts.get(found.subject)
        if other is not None and other["name"] == this["name"] and other["version"] < this["version"]:
            await approvals.drop(tx, found.id, now)


async def drop(tx: Tx, reader: Reader, row: str, now: datetime) -> None:
    """It is not to be published: nobody can agree to it any more. TakesAnother where it does not wait."""
    found = (await by_two.waiting(tx, Matter.TEXT, now)).get(row)
    if found is None:
        raise TakesAnother
    await approvals.drop(tx, found.id, now)
    audit.record(tx, reader.account, "text.dropped", row, now)
