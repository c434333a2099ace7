"""Centres as the console keeps them: added, renamed, merged. What stands in a row of a person is never renamed.

A merge moves everything of one centre to another and cannot be undone: nobody could tell afterwards whose was whose.
It must never merge, nor change the number that people are told to call, by one person alone.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime

import phonenumbers

from surveys.language.script import Script, fold, script_of
from surveys.library.centres import Centre
from surveys.records import audit, centres, configured, holds, participants, readiness
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.records.participants import Participant
from surveys.rules.roles import Reader, Role
from surveys.rules.vocabulary import Status
from surveys.steps import by_two
from surveys.steps.by_two import Matter
from surveys.steps.configured import Kind
from surveys.steps.numbers import see_who_shares
from surveys.steps.once import see_who_shares_a_code
from surveys.steps.readiness import IN_CONSOLE, amend
from surveys.steps.rota_told import tell
from surveys.steps.service import Service

LONGEST = 60
_SPACE = re.compile(r"[^a-z]+")


class CentreRefused(ValueError):
    """Nothing was changed; `field` is what is wrong, empty where it is about the centre as a whole."""

    def __init__(self, field: str, wrong: str) -> None:
        super().__init__(f"{field}: {wrong}")
        self.field, self.wrong = field, wrong


class NobodyAnswers(CentreRefused):
    """This side's messages go from that number: people would be told to call where nobody answers."""


class CoordinatorsOnly(CentreRefused):
    """Who sees whom is not for the administrator to change."""


class Held(CentreRefused):
    """Sending is held at one of the two; release it first, or people who are held would be written to."""


async def add(
    tx: Tx, service: Service, reader: Reader, words: Mapping[str, str], phone: str, now: datetime
) -> str:  # fmt: skip
    """A new centre; its id, which is never changed any more. Its number is asked for, and counts once a second person
    typed the same. CentreRefused."""
    words, phone = _checked(service, words, phone)
    name = _SPACE.sub("_", fold(words["sr_Cyrl"])).strip("_")[:40]
    known = {*service.shipped.centres, *service.recorded.configured.centres}
    if not name or name in known:
        raise CentreRefused("name", "is empty or taken")
    await _keep(tx, reader, Centre(name, words, False, ""), now)
    if phone:
        await by_two.ask(tx, reader, Matter.PHONE, _of(service, name, phone), now)
    return name


async def change(
    tx: Tx, service: Service, reader: Reader, name: str, words: Mapping[str, str], phone: str, now: datetime
) -> None:
    """Another name or number for a centre that is there; another number counts once a second person typed the same.
    CentreRefused, TakesAnother."""
    words, phone = _checked(service, words, phone)
    there = service.library.centres[name]
    if phone != there.phone and not await _two_agree(tx, reader, Matter.PHONE, _of(service, name, phone), now):
        return
    await _keep(tx, reader, Centre(name, words, there.pilot, phone), now)


async def _two_agree(tx: Tx, reader: Reader, matter: Matter, subject: str, now: datetime) -> bool:
    """Whether somebody else asked for this very thing before; the first only asks. TakesAnother."""
    if subject not in await by_two.waiting(tx, matter, now):
        await by_two.ask(tx, reader, matter, subject, now)
        return False
    await by_two.agree(tx, reader, matter, subject, now)
    return True


def _of(service: Service, name: str, phone: str) -> str:
    """This number for this centre, as a hash: what is agreed to names no number."""
    return f"{name}/{hashlib.sha256(f'{service.side}:{name}:{phone}'.encode()).hexdigest()[:24]}"


async def _keep(tx: Tx, reader: Reader, centre: Centre, now: datetime) -> None:
    document = {"name": centre.name, "words": dict(centre.words), "pilot": centre.pilot, "phone": centre.phone}
    await configured.keep(tx, Kind.CENTRE, json.dumps(document), reader.account, now, in_force=True)
    audit.record(tx, reader.account, "centre.set", "side", now, centre=centre.name)


def _checked(service: Service, words: Mapping[str, str], phone: str) -> tuple[dict[str, str], str]:
    for language, said in words.items():
        if not said or len(said) > LONGEST or not said.isprintable():
            raise CentreRefused(language, "must be one line")
    if script_of(words["sr_Cyrl"]) is not Script.CYRILLIC:
        raise CentreRefused("sr_Cyrl", "must be in Cyrillic")
    number = _number(phone)
    if number in service.sends_from:
        raise NobodyAnswers("phone", "is a number that messages go from")
    return dict(words), number


def _number(phone: str) -> str:
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone, "RS")
    except phonenumbers.NumberParseException:
        raise CentreRefused("phone", "is not a telephone number") from None
    if not phonenumbers.is_possible_number(number):
        raise CentreRefused("phone", "is not a telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


async def merge(tx: Tx, service: Service, reader: Reader, gone: str, into: str, now: datetime) -> int | None:
    """Everything of `gone` is `into`'s from now on, once a second coordinator asked for the same; how many people
    moved, `None` where the second is waited for. Where two now share a number or a case code in one centre,
    one is held for the coordinator, as at enrolment. CentreRefused, Held, CoordinatorsOnly, TakesAnother."""
    if reader.role is not Role.COORDINATOR:
        raise CoordinatorsOnly("", "is for coordinators")
    known = service.library.centres
    if gone == into or gone not in known or into not in known:
        raise CentreRefused("into", "must be another centre that is there")
    if any(each.scope == Scope.CENTRE and each.target in (gone, into) for each in await holds.standing(tx)):
        raise Held("", "sending is held at one of the two")
    if not await _two_agree(tx, reader, Matter.MERGE, f"{gone}/{into}", now):
        return None
    people = await _people(tx, gone)
    moved = await centres.move(tx, gone, into)
    there = [each for each in people if each.status is not Status.PURGED]
    await see_who_shares(tx, service, there, into, now)
    await see_who_shares_a_code(tx, service, there, into, now)
    await _move_rota(tx, reader, gone, into, now)
    await configured.keep(tx, Kind.MERGED, json.dumps({"name": gone, "into": into}), reader.account, now, in_force=True)
    audit.record(tx, reader.account, "centre.merged", "side", now, centre=gone, into=into)
    return moved


async def _people(tx: Tx, centre: str) -> list[Participant]:
    found = page = await participants.page(tx, centre=centre)
    while page:
        page = await participants.page(tx, after=page[-1].id, centre=centre)
        found = [*found, *page]
    return found


async def _move_rota(tx: Tx, reader: Reader, gone: str, into: str, now: datetime) -> None:
    last = await readiness.latest(tx)
    if last is None:
        return
    before = json.loads(last.document).get("on_call", [])
    rows = [row | {"centre": into} if row["centre"] == gone else row for row in before]
    if rows != before:
        name = await amend(tx, now, **{"on_call": rows, IN_CONSOLE: True})
        await tell(tx, name, before, rows, reader.account, now, into)
