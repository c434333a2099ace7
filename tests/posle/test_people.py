"""Enrolling, importing, withdrawing, purging, restoring: whole or not at all, and for good where it is for good."""

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posle import leaving, restoring
from posle.actors import TwoPeopleNeeded
from posle.amending import amend_one
from posle.cli.rows import read_rows
from posle.enrolling import BotUnknown, RowRefused, enrol, enrol_rows
from posle.founding import found
from posle.holding import WithdrawalsUnknown, release
from posle.opening import opened
from surveys.records import holds, participants
from surveys.records.backup import back_up
from surveys.records.evaluators import make_evaluator_keys
from surveys.rules.vocabulary import Side, Status
from surveys.steps.enrolment import EnrolmentRefused
from tests.bot.provider import Provider, provider, resets
from tests.posle.conftest import Posle
from tests.posle.test_settings import TOKEN
from tests.records.looked import chain

NOW = datetime(2027, 2, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWO = ("Mira Jović", "Petar Ilić")
PERSON: dict[str, Any] = {
    "case_code": "k-7f3a91",
    "centre": "nis",
    "completed_on": "2027-01-15",
    "channel": "telegram",
    "language": "sr_Latn",
    "consent": {"contact": True, "evaluation": True, "call": False, "recorded_by": "M. J.", "version": "1"},
}
HEAD = (
    "case_code,centre,completed_on,channel,language,consent_contact,consent_evaluation,consent_call,"
    "consent_recorded_by,consent_version\n"
)
ROW = "k-{},nis,2027-01-15,telegram,sr_Latn,da,da,ne,M. J.,1\n"


@pytest.fixture
async def telegram() -> AsyncIterator[Provider]:
    async with provider(TOKEN) as running:
        yield running


@pytest.fixture
async def folder(tmp_path: Path, telegram: Provider) -> Path:
    public, _ = make_evaluator_keys(tmp_path / "evaluators")
    await found(tmp_path / "his", Side.EX_PERPETRATORS, evaluators=public, database=None, now=NOW)
    with (tmp_path / "his" / "posle.toml").open("a") as file:
        file.write(f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{telegram.url}"\n')
    return tmp_path / "his"


async def everybody(folder: Path) -> list[participants.Participant]:
    async with opened(folder) as (_, database), database.reading() as tx:
        return await participants.page(tx)


async def held(folder: Path) -> list[str]:
    async with opened(folder) as (_, database), database.reading() as tx:
        return [each.reason for each in await holds.standing(tx)]


async def test_enrolling_gives_an_id_and_a_whole_link(folder: Path) -> None:
    enrolled = await enrol(folder, PERSON, NOW)
    assert set(enrolled) == {"participant", "telegram_link", "tasks"}
    link = enrolled["telegram_link"]
    assert link.startswith("https://t.me/ordinary_bot?start=")
    assert len(link.partition("=")[2]) <= 64
    assert enrolled["tasks"] == []
    assert [each.id for each in await everybody(folder)] == [enrolled["participant"]]


async def test_a_late_entry_names_the_waves_that_are_over(folder: Path) -> None:
    enrolled = await enrol(folder, PERSON | {"completed_on": "2026-06-01"}, NOW)
    assert [task["wave"] for task in enrolled["tasks"]] == ["m3", "m6"]


async def test_nobody_is_enrolled_while_the_bot_cannot_be_named(folder: Path, telegram: Provider) -> None:
    telegram.plan("getMe", resets, resets, resets)
    with pytest.raises(BotUnknown):
        await enrol(folder, PERSON, NOW)
    assert await everybody(folder) == []


async def test_a_bad_enrolment_is_refused_before_anybody_is_asked(folder: Path, telegram: Provider) -> None:
    with pytest.raises(EnrolmentRefused, match="centre"):
        await enrol(folder, PERSON | {"centre": "atlantis"}, NOW)
    assert telegram.calls == []


async def test_many_are_imported_in_one_go(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(HEAD + "".join(ROW.format(number) for number in range(30)))
    enrolled = await enrol_rows(folder, read_rows(tmp_path / "people.csv"), NOW)
    assert [each["row"] for each in enrolled] == list(range(2, 32))
    assert len({each["telegram_link"] for each in enrolled}) == 30
    assert len(await everybody(folder)) == 30


async def test_one_bad_row_and_nobody_is_imported(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(HEAD + ROW.format(1) + ROW.format(2).replace("2027-01-15", "15.1.2027"))
    with pytest.raises(RowRefused, match=r"^row 3: completed_on: must be a date"):
        await enrol_rows(folder, read_rows(tmp_path / "people.csv"), NOW)
    assert await everybody(folder) == []


async def test_a_withdrawal_is_for_good_and_twice_is_once(folder: Path) -> None:
    participant = (await enrol(folder, PERSON, NOW))["participant"]
    assert await leaving.withdraw(folder, participant, None, NOW)
    assert not await leaving.withdraw(folder, participant, "Mira", NOW)
    assert [each.status for each in await everybody(folder)] == [Status.WITHDRAWN]


async def test_a_purge_leaves_nothing_of_the_person(folder: Path) -> None:
    enrolled = await enrol(folder, PERSON | {"other_word": "Jagodica"}, NOW)
    assert await leaving.purge(folder, enrolled["participant"], "Mira", NOW)
    assert not await leaving.purge(folder, enrolled["participant"], "Mira", NOW)
    assert [each.status for each in await everybody(folder)] == [Status.PURGED]


@pytest.mark.parametrize("evaluators", ["gone", "damaged"])
async def test_a_withdrawal_never_waits_for_the_evaluators_key(folder: Path, evaluators: str) -> None:
    participant = (await enrol(folder, PERSON, NOW))["participant"]
    if evaluators == "gone":
        (folder / "evaluators.pub").unlink()
    else:
        (folder / "evaluators.pub").write_text("x")
    assert await leaving.withdraw(folder, participant, None, NOW)


def _lose_database(folder: Path) -> None:
    for path in folder.glob("posle.db*"):
        path.unlink()


async def backed_up_then_left(folder: Path, copy: Path) -> tuple[str, str, str]:
    """A backup with three active people, of whom one then withdraws and one is purged."""
    people = [PERSON | {"case_code": f"k-{number}"} for number in range(3)]
    stays, withdraws, purged = [(await enrol(folder, each, NOW))["participant"] for each in people]
    async with opened(folder) as (_, database):
        await back_up(database, copy)
    await leaving.withdraw(folder, withdraws, None, NOW)
    await leaving.purge(folder, purged, "Mira", NOW)
    _lose_database(folder)
    return stays, withdraws, purged


async def test_a_restored_backup_remembers_every_withdrawal_since_and_is_held(folder: Path, tmp_path: Path) -> None:
    stays, withdraws, purged = await backed_up_then_left(folder, tmp_path / "copy.db")
    restored = await restoring.restore(folder, tmp_path / "copy.db", NOW)
    assert (restored.replayed, restored.tombstones) == (2, True)
    assert {each.id: each.status for each in await everybody(folder)} == {
        stays: Status.ACTIVE,
        withdraws: Status.WITHDRAWN,
        purged: Status.PURGED,
    }
    assert await held(folder) == [restoring.HELD]


async def test_i15_a_purge_is_replayed_into_a_restored_backup_and_leaves_nothing_of_the_person(
    folder: Path, tmp_path: Path
) -> None:
    stays, _, purged = await backed_up_then_left(folder, tmp_path / "copy.db")
    await restoring.restore(folder, tmp_path / "copy.db", NOW)
    with closing(sqlite3.connect(folder / "posle.db")) as records:
        kept = "SELECT count(*) FROM data_keys WHERE participant = ?"
        assert records.execute(kept, (purged,)).fetchone() == (0,), "no key of theirs opens anything"
        assert records.execute(kept, (stays,)).fetchone() != (0,)


async def test_a_backup_restored_without_tombstones_says_so_and_is_held(folder: Path, tmp_path: Path) -> None:
    await backed_up_then_left(folder, tmp_path / "copy.db")
    (folder / "tombstones").unlink()
    restored = await restoring.restore(folder, tmp_path / "copy.db", NOW)
    assert (restored.replayed, restored.tombstones) == (0, False)
    assert await held(folder) == [restoring.HELD_BLIND]


async def _restored_blind(folder: Path, copy: Path) -> tuple[str, str, str]:
    people = await backed_up_then_left(folder, copy)
    (folder / "tombstones").rename(folder.parent / "kept")
    await restoring.restore(folder, copy, NOW + HOUR / 2)
    return people


async def test_i11_i20_a_side_restored_without_tombstones_is_not_released_until_they_are_back(
    folder: Path, tmp_path: Path
) -> None:
    stays, withdraws, purged = await _restored_blind(folder, tmp_path / "copy.db")
    await leaving.withdraw(folder, stays, "Mira", NOW + HOUR)  # which begins a new file
    for _ in range(2):
        with pytest.raises(WithdrawalsUnknown):
            await release(folder, None, None, TWO, NOW + HOUR)
    assert await held(folder) == [restoring.HELD_BLIND]
    (folder / "tombstones").write_bytes((folder.parent / "kept").read_bytes())
    assert await release(folder, None, None, TWO, NOW + HOUR) == 1
    assert {each.id: each.status for each in await everybody(folder)} == {
        stays: Status.WITHDRAWN,
        withdraws: Status.WITHDRAWN,
        purged: Status.PURGED,
    }


async def test_i20_that_withdrawals_were_entered_again_is_said_by_two_and_audited(folder: Path, tmp_path: Path) -> None:
    await _restored_blind(folder, tmp_path / "copy.db")
    with pytest.raises(TwoPeopleNeeded):
        await release(folder, None, None, TWO[:1], NOW, entered=True)
    assert await release(folder, None, None, TWO, NOW, entered=True) == 1
    async with opened(folder) as (_, database), database.reading() as tx:
        assert "side.withdrawals_entered" in [each.action for each in await chain(tx)]


@pytest.mark.parametrize("kind", ["deceased", "moved_abroad"])
async def test_i11_who_died_or_moved_after_the_backup_is_not_written_to(
    folder: Path, tmp_path: Path, kind: str
) -> None:
    person = (await enrol(folder, PERSON, NOW))["participant"]
    async with opened(folder) as (_, database):
        await back_up(database, tmp_path / "copy.db")
    await amend_one(folder, {"participant": person, "kind": kind, "recorded_by": "Mira"}, NOW)
    _lose_database(folder)
    assert (await restoring.restore(folder, tmp_path / "copy.db", NOW)).replayed == 1
    assert [each.status for each in await everybody(folder)] == [Status(kind)]


async def test_who_moved_abroad_and_came_back_for_a_second_course_stays(folder: Path, tmp_path: Path) -> None:
    person = (await enrol(folder, PERSON, NOW))["participant"]
    async with opened(folder) as (_, database):
        await back_up(database, tmp_path / "copy.db")
    await amend_one(folder, {"participant": person, "kind": "moved_abroad", "recorded_by": "Mira"}, NOW)
    again = {"kind": "second_course", "completed_on": "2027-02-01", "consent": PERSON["consent"]}
    await amend_one(folder, {"participant": person, "recorded_by": "Mira"} | again, NOW)
    _lose_database(folder)
    assert (await restoring.restore(folder, tmp_path / "copy.db", NOW)).replayed == 0
    assert [each.status for each in await everybody(folder)] == [Status.ACTIVE]


async def test_a_number_that_is_taken_names_its_row(folder: Path) -> None:
    rows = [
        (row, PERSON | {"case_code": f"k-{row}", "channel": "phone", "phone": phone})
        for row, phone in ((2, "+381641230001"), (3, "+381641230002"), (7, "+381641230001"))
    ]
    with pytest.raises(RowRefused, match=r"^row 7: phone: belongs"):
        await enrol_rows(folder, rows, NOW)
    assert await everybody(folder) == []


async def test_a_case_code_that_is_taken_names_its_row(folder: Path) -> None:
    await enrol(folder, PERSON, NOW)
    rows = [(2, PERSON | {"case_code": "k-1"}), (3, PERSON)]
    with pytest.raises(RowRefused, match=r"^row 3: case_code: belongs"):
        await enrol_rows(folder, rows, NOW)


def test_a_row_may_say_that_somebody_agreed_again(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "again.csv"
    head, row = HEAD.rstrip("\n"), ROW.format(1).rstrip("\n")
    file.write_text(f"{head},reconsent_recorded_by,reconsent_on\n{row},M. J.,2027-02-01\n", encoding="utf-8")
    assert read_rows(file)[0][1]["reconsent"] == {"recorded_by": "M. J.", "on": "2027-02-01"}


def test_the_command_line_prints_what_enrol_gave(folder: Path, posle: Posle) -> None:
    done = posle("enrol", folder, given=json.dumps(PERSON | {"channel": "phone"}))
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1


def test_a_person_that_is_not_there_is_refused_alike_everywhere(folder: Path, posle: Posle) -> None:
    said = {posle(*command).err for command in (
        ("withdraw", folder, "p-nobody"), ("purge", folder, "p-nobody", "--by", "Mira"),
        ("hold", folder, "--participant", "p-nobody"),
    )}  # fmt: skip
    assert len(said) == 1


def test_a_restore_never_overwrites(folder: Path, tmp_path: Path, posle: Posle) -> None:
    shutil.copy(folder / "posle.db", tmp_path / "copy.db")
    before = (folder / "posle.db").read_bytes()
    done = posle("restore", folder, tmp_path / "copy.db")
    assert (done.status, done.out) == (1, "")
    assert (folder / "posle.db").read_bytes() == before


@pytest.mark.parametrize("what", ["text", "nothing", "the other side's"])
def test_what_is_no_backup_of_this_side_is_refused_and_leaves_nothing(
    folder: Path, hers: Path, tmp_path: Path, posle: Posle, what: str
) -> None:
    (folder / "posle.db").unlink()
    file = {"text": folder / "posle.toml", "nothing": tmp_path / "none.db", "the other side's": hers / "posle.db"}[what]
    done = posle("restore", folder, file)
    assert (done.status, done.out) == (1, "")
    assert sorted(path.name for path in folder.iterdir()) == ["evaluators.pub", "posle.toml", "side.key", "tombstones"]
