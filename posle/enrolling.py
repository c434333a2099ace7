"""Enrols from the command line: reads strictly, asks the bot its name before anything is written, all or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.telegram.account import deep_link, name_of
from bot.telegram.bot import open_bot
from bot.telegram.transport import Transport
from posle.opening import opened, service_of
from posle.settings import Settings
from surveys.rules.vocabulary import Channel
from surveys.steps.enrol import Enrolled, enrol_many, read
from surveys.steps.enrolment import Enrolment, EnrolmentRefused

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
        return _printed(enrolled, name)


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
        return [{"row": row[0]} | _printed(each, name) for row, each in zip(rows, enrolled, strict=True)]


async def _bot_name(settings: Settings, several: Sequence[Enrolment]) -> str:
    """The bot's user name, where anybody needs a link."""
    return await bot_name(settings) if any(new.channel is Channel.TELEGRAM for new in several) else ""


async def bot_name(settings: Settings) -> str:
    """The bot's user name, asked of the provider; BotUnknown where it does not say."""
    telegram, transport = settings.need_telegram(), Transport()
    await transport.initialize()
    try:
        name = await name_of(open_bot(telegram.token, telegram.api_url, transport))
    finally:
        await transport.shutdown()
    if not name:
        raise BotUnknown
    return name


def _printed(enrolled: Enrolled, bot: str) -> dict[str, Any]:
    link = {"telegram_link": deep_link(bot, enrolled.token)} if enrolled.token else {}
    tasks = [{"wave": late.wave, "reason": late.reason} for late in enrolled.late]
    return {"participant": enrolled.participant, **link, "tasks": tasks}
