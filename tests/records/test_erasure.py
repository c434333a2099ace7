"""I15: no planted token is in clear in any database file, and after a purge nothing of the person is left at all."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from surveys.records import answers, audit, contacts, erasure, inbox, interviews, invitations, keys, links, participants
from surveys.records import tasks as task_module
from surveys.records.answers import Answer
from surveys.records.columns import Sealed
from surveys.records.consents import NewConsent, of_participant, record, recorded_by
from surveys.records.contacts import NewContact
from surveys.records.database import Database
from surveys.records.evaluators import make_evaluator_keys, read_evaluators_public, seal_for_evaluators
from surveys.records.interviews import NewInterview
from surveys.records.keys import KeysDestroyed
from surveys.records.participants import NewParticipant
from surveys.records.tables import metadata
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Channel, Purpose, Status

from .cast import DAY, NOW, invited

TOKENS = [
    f"tok{name}Ж" for name in ("word", "address", "staff", "state", "answer", "note", "payload", "case", "failed")
]
"""One planted token for each place that a person's words, number or name can get to."""


@dataclass
class Planted:
    """Who was planted, and the token of a link of theirs."""

    participant: str
    link: str


async def _plant(db: Database, folder: Path) -> Planted:
    public = read_evaluators_public(make_evaluator_keys(folder / "evaluators")[0])
    word, address, staff, state, answer, note, payload, case, failed = TOKENS
    async with db.writing() as tx:
        box = seal_for_evaluators(public, case, "case code")
        new = NewParticipant("nis", Channel.SMS, "sr_Latn", box, other_word=word, born_on=NOW.date())
        person = (await participants.add_many(tx, [new], NOW))[0].id
        await contacts.add(tx, NewContact(person, Channel.SMS, address, NOW), NOW)
        await record(tx, NewConsent(person, Purpose.CONTACT, True, "1", message="m-1", recorded_by=staff), NOW)
        begun = NewInterview(await invited(tx, person), person, "checkin", "1", "items", Channel.SMS)
        interview = await interviews.start(tx, begun, NOW)
        await interviews.save(tx, interview, "items", state, "m-2", NOW)
        given = Answer(interview.id, "q1", interview.invitation, person, None, None, NOW, Channel.SMS, answer)
        await answers.put(tx, [given])
        await task_module.open_one(tx, NewTask("nis", "late", person, person, note=note), NOW)
        index = contacts.address_index(tx, Channel.SMS, address)
        done = await inbox.put(tx, "sms", "SM1", payload.encode(), NOW, index)
        assert done
        await inbox.done(tx, done, NOW)
        await inbox.put(tx, "sms", "SM2", failed.encode(), NOW, index, failure="KeyError")
        link = await links.issue(tx, person, "bind", NOW, NOW + DAY)
        audit.record(tx, "system", "enrol", person, NOW)
    return Planted(person, link)


def _forms(token: str) -> set[bytes]:
    encodings = ("utf-8", "utf-16-le", "latin-1" if token.isascii() else "cp1251")
    return {token.encode(encoding) for encoding in encodings}


def _found(where: bytes, tokens: list[str]) -> list[str]:
    return [token for token in tokens if any(form in where for form in _forms(token))]


async def _everything(db: Database) -> bytes:
    """All bytes that the database keeps: its files, or on PostgreSQL its folder."""
    if db.dialect == "sqlite":
        path = Path(db.url.removeprefix("sqlite:///"))
        return b"".join(each.read_bytes() for each in sorted(path.parent.glob(path.name + "*")))
    async with await psycopg.AsyncConnection.connect(db.url, autocommit=True) as connection:
        await connection.execute("CHECKPOINT")
        [folder, number] = await _place(connection)
    files = [*(Path(folder) / "base" / str(number)).iterdir(), *(Path(folder) / "pg_wal").glob("0*")]
    return b"".join(each.read_bytes() for each in files)


async def _place(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> tuple[str, int]:
    cursor = await connection.execute(
        "SELECT current_setting('data_directory'), oid::int FROM pg_database WHERE datname = current_database()"
    )
    row = await cursor.fetchone()
    assert row
    return str(row[0]), int(str(row[1]))


async def test_i15_no_planted_token_is_in_clear_in_any_database_file(database: Database, tmp_path: Path) -> None:
    planted = await _plant(database, tmp_path)
    kept = await asyncio.to_thread(bytes, await _everything(database))
    assert _found(kept, [*TOKENS, planted.link]) == []
    assert _found(kept, [planted.participant, "late"]) == [planted.participant, "late"], "the sweep finds what is there"


async def test_i15_after_a_purge_and_a_scrub_nothing_sealed_of_the_person_is_left(
    database: Database, tmp_path: Path
) -> None:
    planted = await _plant(database, tmp_path)
    sealed = await _sealed_bytes(database)
    assert len(sealed) >= 10
    async with database.writing() as tx:
        other = await _other(database, tmp_path, tx)
        assert await erasure.erase(tx, planted.participant, NOW)
        assert not await erasure.erase(tx, "p-nobody", NOW)
        audit.record(tx, "system", "purge", planted.participant, NOW)
    await erasure.scrub(database)
    left = {blob for blob in await _sealed_bytes(database) if blob in sealed}
    assert left == set()
    if database.dialect == "sqlite":
        kept = await _everything(database)
        assert not [blob for blob in sealed if blob in kept], "neither in pages, free pages nor the log"
    async with database.reading() as tx:
        gone = await participants.get(tx, planted.participant)
        assert (gone.status, gone.gender) == (Status.PURGED, None)
        with pytest.raises(KeysDestroyed):
            await keys.of(tx, planted.participant)
        assert await participants.case_code(tx, planted.participant) is None
        assert await contacts.of_participant(tx, planted.participant) == []
        assert await contacts.find(tx, Channel.SMS, TOKENS[1]) == []
        assert await answers.of_participant(tx, planted.participant) == []
        [consent] = await of_participant(tx, planted.participant)
        assert await recorded_by(tx, consent.id) is None
        assert await inbox.unhandled(tx) == []
        assert (await invitations.of_participant(tx, planted.participant))[0].wave == "m3"
        assert await audit.verify(tx) is None
        assert (await participants.private(tx, other)).other_word == "друга"


async def _other(database: Database, folder: Path, tx: object) -> str:
    new = NewParticipant("nis", Channel.SMS, "sr_Latn", None, other_word="друга")
    return (await participants.add_many(tx, [new], NOW))[0].id  # type: ignore[arg-type]


async def _sealed_bytes(database: Database) -> set[bytes]:
    """Every sealed value and wrapped key in the tables."""
    found: set[bytes] = set()
    async with database.reading() as tx:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, Sealed)]
            columns += [table.c.wrapped] if table.name == "data_keys" else []
            columns += [table.c.address_index] if table.name == "contacts" else []
            for column in columns:
                found |= {row[0] for row in await tx.rows(select(column).where(column.is_not(None)))}
    return found
