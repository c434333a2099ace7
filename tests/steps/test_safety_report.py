"""The ethics board's report: what was sent and why, alerts, holds and erasures; and nobody to be found in it."""

import csv
from datetime import timedelta
from pathlib import Path

from surveys.records import alerts, audit, holds, sms_messages, traces
from surveys.records.erasure import forget_contact
from surveys.records.holds import Scope
from surveys.records.oversight import FORGOTTEN, LEFT
from surveys.records.tombstones import Fate
from surveys.steps.purge import purge
from surveys.steps.safety_report import FORGOT, LEFT_THERE, safety_report
from surveys.steps.withdraw import withdraw
from tests.steps.stage import Stage, given
from tests.steps.test_checkin import begun


async def reported(stage: Stage, out: Path) -> dict[str, list[dict[str, str]]]:
    await safety_report(stage.service, out, "by:a", stage.now)
    return rows_of(out)


def rows_of(out: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for file in out.glob("*.csv"):
        with file.open() as opened:
            found[file.stem] = list(csv.DictReader(opened))
    return found


def summed(found: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {row["what"]: row["number"] for row in found["summary"]}


async def test_every_message_stands_there_with_its_time_and_its_rule(stage: Stage, tmp_path: Path) -> None:
    await begun(stage)
    found = await reported(stage, tmp_path / "out")
    sent = [row for row in found["messages"] if row["state"] == "sent"]
    assert len(sent) == len({each.delivery for each in stage.ledger})
    assert all(row["rule"] and row["sent_at"] for row in sent)
    notice = next(row for row in sent if row["kind"] == "notice")
    assert "09:" <= notice["sent_at"].partition("T")[2] < "20:"
    assert summed(found)["audit chain intact"] == "yes"
    async with stage.service.database.reading() as tx:
        assert (await audit.of_subject(tx, "side"))[-1].action == "safety.reported"


async def test_safety_a_report_holds_no_id_of_ours_and_two_have_none_in_common(stage: Stage, tmp_path: Path) -> None:
    person = await begun(stage)
    one, two = await reported(stage, tmp_path / "one"), await reported(stage, tmp_path / "two")
    everything = "".join(file.read_text() for file in (tmp_path / "one").iterdir())
    for token in (person, given()["case_code"], *(each.delivery for each in stage.ledger)):
        assert token not in everything
    names = [{row["person"] for row in each["messages"]} | {row["message"] for row in each["messages"]}
             for each in (one, two)]  # fmt: skip
    assert not names[0] & names[1]


async def test_alerts_and_holds_stand_with_how_long_they_took(stage: Stage, tmp_path: Path) -> None:
    await begun(stage)
    await stage.say("Ne živi mi se")
    async with stage.service.database.writing() as tx:
        (alert,) = await alerts.standing(tx)
        await holds.place(tx, Scope.SIDE, "all", "drill", "by:a", stage.now)
        await alerts.acknowledge(tx, alert.id, "by:a", stage.now + timedelta(minutes=7))
    found = await reported(stage, tmp_path / "out")
    (row,) = found["alerts"]
    assert (row["minutes_to_acknowledgement"], row["state"], row["minutes_to_close"]) == ("7", "acknowledged", "")
    assert [(each["scope"], each["reason"]) for each in found["holds"]] == [("side", "drill")]
    assert summed(found)["minutes to acknowledgement, longest"] == "7"


async def test_an_erasure_that_the_records_do_not_show_is_found(stage: Stage, tmp_path: Path) -> None:
    person = await begun(stage)
    async with stage.service.database.writing() as tx:
        await withdraw(tx, stage.service, person, "by:a", stage.now)
    await stage.service.tombstones.append(person, Fate.PURGED, stage.now)
    found = await reported(stage, tmp_path / "before")
    assert [(row["fate"], row["record_agrees"]) for row in found["erasures"]] == [
        ("withdrawn", "yes"),
        ("purged", "no"),
    ]
    async with stage.service.database.writing() as tx:
        await purge(tx, stage.service, person, "by:a+by:b", stage.now)
    found = await reported(stage, tmp_path / "after")
    assert summed(found)["of which the records do not agree"] == "0"


async def test_safety_what_was_to_go_from_chats_and_the_provider_stands_with_how_late_it_is(
    stage: Stage, tmp_path: Path
) -> None:
    before, after = stage.now - timedelta(minutes=30), stage.now + timedelta(hours=1)
    async with stage.service.database.writing() as tx:
        await traces.note(tx, "555", "m1", traces.Direction.OUT, before, before)
        await traces.note(tx, "555", "m2", traces.Direction.IN, before, after)
        await sms_messages.note_inbound(tx, "SM1", "words", before)
        await sms_messages.note_inbound(tx, "SM2", "words", before)
        await sms_messages.redacted(tx, "SM1", stage.now)
    found = await reported(stage, tmp_path / "out")
    rows = [(row["channel"], row["state"], row["minutes_late"]) for row in found["deletions"]]
    assert sorted(rows) == [("sms", "gone", "30"), ("sms", "stands", "30"), ("telegram", "late", "30"),
                            ("telegram", "stands until then", "0")]  # fmt: skip
    told = summed(found)
    assert (told["of which late"], told["SMS bodies taken off the provider"]) == ("1", "1")
    everything = "".join(file.read_text() for file in (tmp_path / "out").iterdir())
    assert not any(word in everything for word in ("SM1", "555", "words"))


async def test_safety_a_message_that_was_left_in_a_chat_is_counted_and_not_passed_over(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.service.database.writing() as tx:
        audit.record(tx, "service", LEFT, "t-given-up", stage.now)
    found = await reported(stage, tmp_path / "out")
    (row,) = found["deletions"]
    assert (row["channel"], row["state"], row["gone_at"]) == ("telegram", LEFT_THERE, "")
    assert summed(found)["messages that could not be deleted from a chat"] == "1"
    assert summed(found)["messages in chats that are to go"] == "0"
    assert "t-given-up" not in (tmp_path / "out" / "deletions.csv").read_text()


async def test_a_withdrawal_that_a_restored_backup_repeats_counts_once(stage: Stage, tmp_path: Path) -> None:
    person = await begun(stage)
    async with stage.service.database.writing() as tx:
        await withdraw(tx, stage.service, person, "by:a", stage.now)
    await stage.service.tombstones.append(person, Fate.WITHDRAWN, stage.now + timedelta(days=1))
    found = await reported(stage, tmp_path / "out")
    assert [(row["fate"], row["record_agrees"]) for row in found["erasures"]] == [("withdrawn", "yes")]


async def test_contact_details_that_went_by_the_clock_are_held_against_the_records(
    stage: Stage, tmp_path: Path
) -> None:
    person = await begun(stage)
    async with stage.service.database.writing() as tx:
        audit.record(tx, "service", FORGOTTEN, person, stage.now)
    found = await reported(stage, tmp_path / "before")
    assert [(row["fate"], row["record_agrees"]) for row in found["erasures"]] == [(FORGOT, "no")]
    async with stage.service.database.writing() as tx:
        await forget_contact(tx, person, stage.now, recognised=False)
    found = await reported(stage, tmp_path / "after")
    assert [(row["fate"], row["record_agrees"]) for row in found["erasures"]] == [(FORGOT, "yes")]
