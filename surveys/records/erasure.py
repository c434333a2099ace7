"""Erasing a person: their keys are destroyed and what identifies is overwritten; opaque ids, times and counts remain.

`scrub` then leaves no old copy in free pages or in the write-ahead log. It must know every column that says something
of a person: a test goes through the tables.
"""

import asyncio
import sqlite3
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, null, select, update

from surveys.records import inbox, keys
from surveys.records.alert_tables import alerts
from surveys.records.columns import const
from surveys.records.database import Database, Tx
from surveys.records.failures import DatabaseUnavailable
from surveys.records.page_tables import page_links
from surveys.records.safe_tables import safe_contacts, safe_waves
from surveys.records.sms_tables import sms_messages
from surveys.records.sqlite import SqliteDriver
from surveys.records.staff_tables import reviews
from surveys.records.tables import answers, consents, contacts, deliveries, interviews, links, participants, tasks

_WHO: BindParameter[str] = bindparam("the_participant")
_ADDRESSES = select(contacts.c.address_index).where(
    contacts.c.participant == _WHO, contacts.c.address_index.is_not(None)
)
_REACHED = (
    delete(links).where(links.c.participant == _WHO),
    delete(safe_contacts).where(safe_contacts.c.participant == _WHO),
    delete(safe_waves).where(safe_waves.c.participant == _WHO),
    delete(page_links).where(page_links.c.participant == _WHO),
    update(consents).where(consents.c.participant == _WHO).values(recorded_by=null(), message=null()),
    update(interviews).where(interviews.c.participant == _WHO).values(state=null(), bubble=null()),
    update(deliveries).where(deliveries.c.participant == _WHO).values(provider_message=null()),
)
"""How somebody is reached and what was agreed: gone with the contact and with the person."""
_ANSWERED = delete(answers).where(answers.c.participant == _WHO)
_REVIEWED = update(reviews).where(reviews.c.participant == _WHO).values(note=null())
_ERASING = (
    *_REACHED,
    _ANSWERED,
    _REVIEWED,
    update(contacts).where(contacts.c.participant == _WHO).values(address=null(), address_index=null()),
    update(sms_messages)
    .where(sms_messages.c.participant == _WHO)
    .values(participant=null(), delivery=null(), digest=null()),
    update(tasks).where(tasks.c.participant == _WHO).values(note=null()),
    update(alerts).where(alerts.c.participant == _WHO).values(note=null()),
)
_ANSWERS = (
    _ANSWERED,
    update(interviews).where(interviews.c.participant == _WHO).values(state=null()),
    _REVIEWED,
)
_CONTACTS = (
    *_REACHED,
    update(contacts).where(contacts.c.participant == _WHO).values(address=null()),
    update(participants)
    .where(participants.c.id == _WHO)
    .values(other_word=null(), born_on=null(), completed_on=null(), reconsented_on=null()),
)
_INDEXES = (
    update(contacts)
    .where(contacts.c.participant == _WHO, contacts.c.address_index.is_not(None))
    .values(address_index=null(), replaced_at=bindparam("now"))
)
_BLANK = (
    update(participants)
    .where(participants.c.id == _WHO)
    .values(
        status=const("purged"),
        gender=null(),
        other_gender=null(),
        other_word=null(),
        born_on=null(),
        completed_on=null(),
        case_code=null(),
        case_index=null(),
        reconsented_on=null(),
        changed_at=bindparam("now"),
        version=participants.c.version + 1,
    )
)


async def erase(tx: Tx, participant: str, now: datetime) -> bool:
    """Erase one person in this transaction; whether there was one. Planned deliveries are the caller's to cancel first.

    Append the tombstone before this is acknowledged, and run `scrub` afterwards.
    """
    if not await tx.run(_BLANK, the_participant=participant, now=now):
        return False
    for row in await tx.rows(_ADDRESSES, the_participant=participant):
        await inbox.forget_sender(tx, row[0])
    for statement in _ERASING:
        await tx.run(statement, the_participant=participant)
    await keys.destroy(tx, participant)
    return True


async def forget_answers(tx: Tx, participant: str) -> int:
    """Forget what this person answered, and what staff noted of it; how many answers there were. Run `scrub` after."""
    gone = [await tx.run(each, the_participant=participant) for each in _ANSWERS]
    return gone[0]


async def forget_contact(tx: Tx, participant: str, now: datetime, *, recognised: bool) -> None:
    """Forget how this person is reached and what was agreed; answers stay. Where they are to be `recognised` (somebody
    who left for good), the keyed index of their address stays until everything goes. Run `scrub` afterwards."""
    for row in await tx.rows(_ADDRESSES, the_participant=participant):
        await inbox.forget_sender(tx, row[0])
    for statement in _CONTACTS:
        await tx.run(statement, the_participant=participant)
    if not recognised:
        await tx.run(_INDEXES, the_participant=participant, now=now)


async def scrub(db: Database) -> None:
    """Leave nothing of what was erased in free pages or in the write-ahead log. Nobody writes meanwhile.

    On PostgreSQL dead rows are removed, and what the server's own log still holds is sealed with destroyed keys.
    """
    db.remembered_keys.clear()
    if isinstance(db.driver, SqliteDriver):
        async with db.driver.alone() as writer:
            await asyncio.to_thread(_scrub_file, writer)
        return
    from surveys.records.postgresql import PostgresDriver  # noqa: PLC0415 - nine MiB that SQLite does without

    if isinstance(db.driver, PostgresDriver):
        async with db.driver.alone() as connection:
            await connection.execute("VACUUM FULL")


def _scrub_file(writer: sqlite3.Connection) -> None:
    try:
        for sql in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            writer.execute(sql).fetchall()
    except sqlite3.Error:
        raise DatabaseUnavailable from None
