"""Enrols from the command line: reads strictly, asks the bot its name before anything is written, all or nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.telegram.names import deep_link
from posle.doctor.sms import costs, plain_questions
from posle.opening import opened, service_of
from posle.settings import Settings
from posle.wiring import library_of
from surveys.records import holds
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel, Side, SmsScript
from surveys.steps.enrol import Enrolled, enrol_many, read
from surveys.steps.enrolment import Enrolment, EnrolmentRefused
from surveys.steps.sms_cost import plain_notices

ON_HOLD = (
    "on hold: somebody in another centre has the same case code or number; nothing is sent until the coordinator "
    "decided (posle tasks)"
)
Row = tuple[int, Mapping[str, Any]]


class BotUnknown(Exception):
    """The Bot API server did not say the bot's name, so no link can be made; nobody was enrolled. Try again."""


class RowRefused(ValueError):
    """A row cannot be enrolled, so none was; the message names the row and the key."""


async def enrol(folder: Path, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Enrol one person; what `posle enrol` prints."""
    async with opened(folder) as (settings, database):
        service = service_of(settings, database, enrols=True)
        new = read(service, given, now)
        name = await _bot_name(settings, [new])
        (enrolled,) = await enrol_many(service, [new], now)
        held = await _on_hold(database)
        return _said_of_hold(_answer(settings, new, enrolled, name, service.local(now).date()), held)


async def enrol_rows(folder: Path, rows: Sequence[Row], now: datetime) -> list[dict[str, Any]]:
    """Enrol everybody or nobody; one answer a row, with its number."""
    async with opened(folder) as (settings, database):
        service = service_of(settings, database, enrols=True)
        several = []
        for number, given in rows:
            try:
                several.append(read(service, given, now))
            except EnrolmentRefused as refusal:
                raise RowRefused(f"row {number}: {refusal}") from None
        name = await _bot_name(settings, several)
        try:
            enrolled = await enrol_many(service, several, now)
        except EnrolmentRefused as refusal:
            if refusal.place is None:
                raise
            raise RowRefused(f"row {rows[refusal.place][0]}: {refusal}") from None
        today, held = service.local(now).date(), await _on_hold(database)
        return [
            {"row": row[0]} | _said_of_hold(_answer(settings, new, each, name, today), held)
            for row, each, new in zip(rows, enrolled, several, strict=True)
        ]


async def _on_hold(database: Database) -> frozenset[str]:
    """Whom nothing is sent to: whoever has a number or a case code of another centre begins so."""
    async with database.reading() as tx:
        return frozenset(each.target for each in await holds.standing(tx) if each.scope == holds.Scope.PERSON)


def _said_of_hold(answer: dict[str, Any], held: frozenset[str]) -> dict[str, Any]:
    return answer | {"warnings": [*answer.get("warnings", ()), ON_HOLD]} if answer["participant"] in held else answer


def letters(settings: Settings, new: Enrolment) -> dict[str, Any]:
    """What whole letters in SMS cost, and whether every notice can have them: said as they are chosen."""
    if settings.sms is None or new.channel is not Channel.SMS or new.sms_script is SmsScript.ASCII:
        return {}
    library, public = library_of(settings), settings.side.public_url
    talks = settings.sms.two_way and settings.side.name is Side.EX_PERPETRATORS
    plain = plain_notices(library, new.language, public, new.sms_script, two_way=talks)
    found = costs(library, public, new.language, new.sms_script, talks=talks)
    told = {
        "script": new.sms_script, "notices": SmsScript.ASCII if plain else new.sms_script,
        "segments": found.segments, "segments_ascii": costs(library, public, new.language, talks=talks).segments,
    }  # fmt: skip
    if talks:
        told |= plain_questions(library, new.language, new.sms_script)
    price = settings.sms.segment_price
    return {"sms": told if price is None else told | {"price": round(found.price(price), 2)}}


def warned(settings: Settings, new: Enrolment, today: date) -> dict[str, Any]:
    """What is taken as it was handed in, and that staff should look at: said as they hand it in, without its value."""
    said = []
    if new.completed_on > today:
        said.append(
            "completed_on lies in the future; the waves are planned from it, so correct it with posle amend if the "
            "programme ends on another day"
        )
    if new.channel is Channel.SMS and settings.sms is None:
        said.append("[sms] is missing in posle.toml; until it is filled in, nothing can be sent to this person by SMS")
    return {"warnings": said} if said else {}


async def _bot_name(settings: Settings, several: Sequence[Enrolment]) -> str:
    """The bot's user name, where anybody needs a link."""
    return await bot_name(settings) if any(new.channel is Channel.TELEGRAM for new in several) else ""


async def bot_name(settings: Settings) -> str:
    """The bot's user name, asked of the provider; BotUnknown where it does not say."""
    from bot.telegram.account import name_of  # noqa: PLC0415 - loads the provider's library
    from bot.telegram.bot import open_bot  # noqa: PLC0415
    from bot.telegram.transport import Transport  # noqa: PLC0415

    telegram, transport = settings.need_telegram(), Transport()
    await transport.initialize()
    try:
        name = await name_of(open_bot(telegram.token, telegram.api_url, transport))
    finally:
        await transport.shutdown()
    if not name:
        raise BotUnknown
    return name


def _answer(settings: Settings, new: Enrolment, enrolled: Enrolled, bot: str, today: date) -> dict[str, Any]:
    link = {"telegram_link": deep_link(bot, enrolled.token)} if enrolled.token else {}
    tasks = [{"wave": late.wave, "reason": late.reason} for late in enrolled.late]
    made = {"participant": enrolled.participant, **link, "tasks": tasks}
    return made | letters(settings, new) | warned(settings, new, today)
