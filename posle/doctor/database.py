"""What can be seen in a side's database: whether it is reachable, current and its own; what it attests."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.telegram.names import bot_id
from posle.doctor.alerts import examine_alerts
from posle.doctor.finding import Finding, Verdict, missing, ok, wrong
from posle.doctor.sms import examine_auto_reply
from posle.settings import Settings
from posle.wiring import library_of
from surveys.language.adding import never_said
from surveys.language.catalogue import reviewed
from surveys.library import Library
from surveys.library.compiled import instrument_of
from surveys.library.configured import Configured
from surveys.library.helplines import Helpline, stale_lines
from surveys.library.reviews import reviewed as review
from surveys.records import holds, instruments, migrations, participants, readiness, retention, stamps, ticks
from surveys.records.database import Database, DatabaseUnavailable, Tx
from surveys.records.keyfile import KeyFileRefused
from surveys.records.sealing import Seals
from surveys.rules.retention import to_go
from surveys.rules.vocabulary import Status
from surveys.steps import configured
from surveys.steps.lines import lines_of
from surveys.steps.readiness import NEEDED
from surveys.steps.safe_contact import current

_SLACK = timedelta(minutes=5)
_RETAINED_LATE = timedelta(days=4)
"""Nightly, with room for nights on which the service did not run."""


async def examine_database(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    """Reachable, schema, stamp; then, where these are in order, what is in it."""
    try:
        seals = Seals.load(settings.keys.file, settings.side.name)
    except KeyFileRefused:  # said already, of the key file
        return
    if settings.database_file is not None and not settings.database_file.is_file():
        yield wrong("database", "is not there; restore it with posle restore")
        return
    try:
        database = await Database.open(settings.database, seals)
    except (DatabaseUnavailable, OSError):
        yield wrong("database", "cannot be opened; check [database] url and that the server runs")
        return
    try:
        async for finding in _opened(database, settings, now):
            yield finding
    except DatabaseUnavailable:
        yield wrong("database", "cannot be read; it is locked, full or gone")
    finally:
        await database.close()


async def _opened(database: Database, settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    try:
        await migrations.check(database)
    except migrations.SchemaOlder:
        yield wrong("database", "is of an older version or was never made; run posle upgrade (or posle init)")
        return
    except migrations.SchemaNewer:
        yield wrong("database", "was made by a newer version of this program; run that one")
        return
    async with database.reading() as tx:
        try:
            stamp = await stamps.check(tx)
        except stamps.StampRefused as refusal:
            yield wrong("database", str(refusal))
            return
        yield ok("database")
        yield _bot(stamp, settings)
        if settings.sms is not None:
            yield await examine_auto_reply(tx)
        kept = await configured.read(tx)
        library = kept.on(library_of(settings))
        yield await _clock(tx, now)
        yield await _held(tx, settings)
        yield await _published(tx, library)
        yield _protocol(kept, library)
        yield await _ready(tx, library)
        yield await _exported(tx, settings)
        yield _helplines(await lines_of(tx, library), now.astimezone(settings.side.timezone).date())
        async for finding in examine_alerts(tx, settings, library, now):
            yield finding
        yield await _retention(tx, library, now)
        if library.protocol.safe_contact is not None:
            yield await examine_notices(tx, library)
        for finding in _wording(library, settings.side.languages):
            yield finding


def _bot(stamp: stamps.Stamp, settings: Settings) -> Finding:
    """Another bot means other chats: who started the old one is not reached by the new."""
    mine = bot_id(settings.telegram.token) if settings.telegram else None
    if None not in (stamp.bot, mine) and stamp.bot != mine:
        return wrong("bot", "this side was served with another bot; put that bot's token back")
    return ok("bot")


async def _clock(tx: Tx, now: datetime) -> Finding:
    last = await ticks.latest(tx)
    if last is not None and now + _SLACK < last:
        return wrong("clock", "the clock is earlier than the last time due work was looked at; set it right")
    return ok("clock")


async def _held(tx: Tx, settings: Settings) -> Finding:
    """Whoever finds the side silent looks here first. People on hold are for `posle plan`."""
    standing = [each for each in await holds.standing(tx) if each.scope != holds.Scope.PERSON]
    if not standing:
        return ok("hold")
    first = standing[0]
    what = "the whole side is" if any(each.scope == holds.Scope.SIDE for each in standing) else "a centre is"
    since = first.since.astimezone(settings.side.timezone).isoformat(timespec="minutes")
    advice = f"{what} on hold since {since} ({first.reason}): nothing that the service starts leaves there"
    return missing("hold", f"{advice}; two people lift it with posle release")


async def _published(tx: Tx, library: Library) -> Finding:
    lacking = [name for name in library.instruments if await instruments.latest(tx, name) is None]
    if lacking:
        return wrong("instruments", f"{', '.join(lacking)} is not published; run posle form publish")
    behind = [name for name, path in library.instruments.items() if not await _as_shipped(tx, name, path)]
    if behind:
        advice = f"{', '.join(behind)} as published differs from what ships now, and goes on being asked as it is"
        return missing("instruments", f"{advice}; run posle form publish for a newer version, from the next invitation")
    return ok("instruments")


async def _as_shipped(tx: Tx, name: str, path: Path) -> bool:
    """Whether what is published last is what ships, or this side's own and newer."""
    published, shipped = await instruments.latest(tx, name), instrument_of(path)
    return published is None or published.digest == shipped.digest or published.version != shipped.version


def _protocol(kept: Configured, library: Library) -> Finding:
    """Which version holds; and whether one that was approved in the console cannot be followed by this program."""
    version = library.protocol.version
    if kept.unreadable:
        names = ", ".join(kept.unreadable)
        return wrong("protocol", f"this program cannot follow {names} of the console; {version} holds instead")
    of = "approved in the console" if version in kept.protocols else "as shipped"
    return Finding("protocol", Verdict.OK, f"version {version}, {of}")


async def _ready(tx: Tx, library: Library) -> Finding:
    record = await readiness.latest(tx)
    if record is None:
        return missing("readiness", "is not recorded; hand it to posle ready")
    document = json.loads(record.document)
    lacking = [name for name in NEEDED if not document.get(name)]
    if lacking:
        return missing("readiness", f"lacks {', '.join(lacking)}; record it again with posle ready")
    if str(document["protocol_version"]) != library.protocol.version:
        advice = f"was recorded for another version of the protocol than {library.protocol.version}, which is in force"
        return missing("readiness", f"{advice}; record it again")
    return ok("readiness")


async def _exported(tx: Tx, settings: Settings) -> Finding:
    """Whether answers of real people can be taken by one person; before readiness there are none."""
    if settings.two_people or await readiness.latest(tx) is None or not await participants.page(tx, limit=1):
        return ok("export")
    advice = "row data can leave by one person with posle export --research"
    return missing("export", f"{advice}; set [export] two_people = true in posle.toml, and two must be named")


async def _retention(tx: Tx, library: Library, now: datetime) -> Finding:
    """How long things are kept, and whether somebody's time has been over for days without anybody looking."""
    rule = library.protocol.retention
    if rule is None:
        return missing("retention", "the protocol names no [retention]; nothing that is kept ever goes by itself")
    late = now - _RETAINED_LATE
    for each in await retention.over(tx, late - rule.soonest, "", 1000):
        if to_go(rule, each.kept, late) is not None:
            return wrong(
                "retention", "what was to go is still here; keep posle serve running, or run posle purge --due"
            )
    days = {name: getattr(rule, name).days for name in ("contact", "unanswered", "answers", "alerts", "audit")}
    return Finding("retention", Verdict.OK, "days: " + ", ".join(f"{name} {days[name]}" for name in days))


async def examine_notices(tx: Tx, library: Library) -> Finding:
    """Whether everybody's agreed notice belongs to the cover that is active; for others its first one is taken."""
    other, people = 0, await participants.page(tx)
    while people:
        for each in people:
            agreed = await current(tx, each.id) if each.status is Status.ACTIVE else None
            if agreed is not None and agreed.notice and agreed.notice not in library.notice_names(each.channel):
                other += 1
        people = await participants.page(tx, after=people[-1].id)
    advice = (
        f"{other} people agreed on a notice of another cover and get the active one's first; agree on one with them"
    )
    return missing("notices", advice) if other else ok("notices")


def _helplines(lines: tuple[Helpline, ...], today: date) -> Finding:
    stale = stale_lines(lines, today)
    hidden, shown = (", ".join(each.number for each in stale if each.always is always) for always in (False, True))
    parts = [f"nobody is shown {hidden} until two people have called each, and again after 90 days"] if hidden else []
    parts += [f"{shown} are shown all the same, but nobody has verified them for 90 days"] if shown else []
    where = (
        "record it in the console (Settings, helplines), or helplines_verified_on in posle ready but for suicide lines"
    )
    return missing("helplines", "; ".join([*parts, where])) if stale else ok("helplines")


def _added(folder: Path) -> Finding:
    """An upgrade drops messages, and translators misspell them: neither stops a side, and both leave it in Serbian."""
    lines = never_said(folder)
    if not lines:
        return ok("languages")
    return missing("languages", f"{'; '.join(lines)}; take the messages from locales/sr_Cyrl/messages.po as they are")


def _wording(library: Library, languages: Path | None) -> Iterator[Finding]:
    drafts = [language for language in ("sr_Cyrl", "en") if not reviewed(language)]
    drafts += [each.language for each in library.translations if not (each.reviewed and reviewed(each.language))]
    drafts += [
        f"{file} ({language})"
        for file in library.reviews
        for language in ("sr_Cyrl", "en")
        if not review(library.reviews, file, language)
    ]
    advice = (
        f"nobody has reviewed {', '.join(drafts)}; whoever of the side's own staff reads one writes their name and the "
        f"day there: for a file in surveys/library/{library.side}/reviews.toml, for a language in X-Reviewed of "
        "locales/LANGUAGE/messages.po (see locales/README.md)"
    )
    yield missing("translations", advice) if drafts else ok("translations")
    if languages is not None:
        yield _added(languages)
