"""The day's work on the console: responses read and reviewed, questionnaires checked and published, counts hidden."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from staff import charts
from staff.pages import responses
from staff.words import Words
from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.library import load_library
from surveys.records import audit, erasure, instruments, tasks
from surveys.records.database import Database
from surveys.records.staff_tables import reviews
from surveys.records.tasks import NewTask
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Channel, Disposition, Side
from surveys.steps import desk, overview
from surveys.steps.responses import Entry
from surveys.steps.withdraw import withdraw
from tests.staff.answered import go_through
from tests.staff.office import Client, Office

NOTE = "Разговарано, долази у уторак."
_NOTES = select(reviews.c.invitation, reviews.c.note)


async def response(client: Client) -> str:
    """The address of the newest response."""
    found = (await client.get("/staff/responses")).text.partition('href="/staff/responses/')[2].partition('"')[0]
    return f"/staff/responses/{found}"


async def test_a_response_is_read_in_words_and_the_reading_is_audited(office: Office) -> None:
    await go_through(office.stage)
    client = await office.client()
    address = await response(client)
    shown = (await client.get(address)).text
    assert "Живимо заједно или смо у вези" in shown
    assert "Ниједном" in shown
    assert "never" not in shown, "a stored code is not shown"
    async with office.stage.service.database.reading() as tx:
        entries = await audit.of_subject(tx, address.rpartition("/")[2])
    assert "response.read" in [each.action for each in entries]


CHANGES = (
    (Side.EX_PERPETRATORS, "threatened", "never", "never", "исто"),
    (Side.EX_PERPETRATORS, "threatened", "never", "once", "лошије"),
    (Side.EX_PERPETRATORS, "threatened", "two_to_five", "never", "боље"),
    (Side.EX_PERPETRATORS, "threatened", "two_to_five", "more_than_five", "лошије"),
    (Side.EX_PERPETRATORS, "insulted", "never", "once", "више"),
    (Side.EX_PERPETRATORS, "contact_now", "no_contact", "together", "промењено"),
    (Side.EX_PERPETRATORS, "own_change", "same", "much_better", "промењено"),
    (Side.EX_PERPETRATORS, "wants_help", "no_help", "call_me", "промењено"),
    (Side.SURVIVORS, "wants_call", "no_call", "call_morning", "промењено"),
    (Side.SURVIVORS, "severity", "none_of_these", "choking", "лошије"),
    (Side.SURVIVORS, "severity", "weapon_or_death", "choking", "промењено"),
    (Side.SURVIVORS, "against_will", "once", "more_than_five", "лошије"),
    (Side.SURVIVORS, "afraid_now", "constantly", "a_little", "боље"),
)


@pytest.mark.parametrize(("side", "name", "before", "after", "said"), CHANGES)
def test_safety_a_change_is_called_better_only_where_a_risk_became_less(
    side: Side, name: str, before: str, after: str, said: str
) -> None:
    form = Form(compile_form(load_library(side).instruments["check-in"]))
    item = form.instrument.item(name)
    entries = [Entry(item, value, None, None, Channel.TELEGRAM) for value in (before, after)]
    words = Words("sr_Cyrl", ZoneInfo("Europe/Belgrade"))
    assert responses._direction(words, form, item, entries) == said
    assert responses._direction(words, form, item, entries[:1]) == ""


async def test_a_published_questionnaire_says_conditions_by_the_names_of_questions(office: Office) -> None:
    shown = (await (await office.client()).get("/staff/questionnaires/check-in/1")).text
    assert "<code>any_harm = 1</code>" in shown
    assert "/data/" not in shown


async def test_a_risk_answer_is_marked(office: Office) -> None:
    await go_through(office.stage, choice=1)
    client = await office.client()
    assert "ризик" in (await client.get(await response(client))).text


def test_no_brace_of_the_wording_is_left_in_an_answer() -> None:
    library = load_library(Side.EX_PERPETRATORS)
    form = Form(compile_form(library.instruments["check-in"]))
    item = form.instrument.item("towards_whom")
    for language in ("sr_Cyrl", "sr_Latn", "en"):
        word = library.other_word("female", language)
        said = responses._in_words(form, item, "index", {"other_word": word}, language)
        assert word in said
        assert "{" not in said
        assert "{" not in responses._in_words(form, item, "index", {}, language)


async def test_i17_a_response_of_another_centre_answers_like_a_missing_one(office: Office) -> None:
    await go_through(office.stage)
    address = await response(await office.client())
    foreign = await office.client(Role.WORKER, "nis")
    theirs, none = await foreign.get(address), await foreign.get("/staff/responses/i-none")
    assert (theirs.status_code, theirs.text) == (404, none.text)
    assert address not in (await foreign.get("/staff/responses")).text


def test_no_two_parts_of_a_charts_bar_are_of_one_colour() -> None:
    assert len(set(charts.COLOURS)) == len(charts.COLOURS) >= len(Disposition) + len(overview.OPEN)


async def notes(database: Database) -> list[bytes | None]:
    async with database.reading() as tx:
        return [row[1] for row in await tx.rows(_NOTES)]


async def test_a_review_keeps_its_note_sealed_and_a_purge_destroys_it(office: Office) -> None:
    participant = await go_through(office.stage)
    client, database = await office.client(), office.stage.service.database
    address = await response(client)
    await client.post(f"{address}/review", note=NOTE)
    assert NOTE in (await client.get(address)).text
    [sealed] = await notes(database)
    assert sealed is not None
    assert NOTE.encode() not in sealed
    async with database.writing() as tx:
        await erasure.erase(tx, participant, office.stage.now)
    assert await notes(database) == [None]
    assert (await client.get(address)).status_code == 404


async def test_reviewed_responses_leave_the_list_of_unread_ones(office: Office) -> None:
    await go_through(office.stage)
    client = await office.client()
    address = await response(client)
    assert address in (await client.get("/staff/responses?unread=yes")).text
    await client.post(f"{address}/review", note="")
    assert address not in (await client.get("/staff/responses?unread=yes")).text


async def upload(client: Client, data: bytes, **form: str) -> tuple[int, str]:
    fields = {"csrf": await client.csrf(), "kind": ".md", **form}
    answer = await client.http.post("/staff/questionnaires", data=fields, files={"file": ("x.md", data)})
    return answer.status_code, answer.text


def shipped() -> bytes:
    return load_library(Side.EX_PERPETRATORS).instruments["check-in"].read_bytes()


async def test_a_questionnaire_is_checked_and_nothing_is_published(office: Office) -> None:
    client = await office.client()
    status, shown = await upload(client, shipped())
    assert status == 303
    status, shown = await upload(client, shipped().replace(b"select_one contact ", b"select_one nowhere "))
    assert status == 422
    assert "survey" in shown


async def test_only_who_may_publish_publishes_and_what_is_published_is_never_changed(office: Office) -> None:
    changed = shipped().replace("Ниједном".encode(), "Ниједанпут".encode())
    worker, coordinator = await office.client(), await office.client(Role.COORDINATOR)
    assert (await upload(worker, changed, publish="yes"))[0] == 404
    status, _ = await upload(coordinator, changed, publish="yes")
    async with office.stage.service.database.reading() as tx:
        versions = [(each.name, each.version) for each in await instruments.every(tx)]
    assert (status, versions.count(("check-in", "1"))) == (422, 1)


async def test_a_new_version_is_published_with_the_audits_word_for_it(office: Office) -> None:
    coordinator = await office.client(Role.COORDINATOR)
    newer = shipped().replace(b"| check-in | 1 |", b"| check-in | 2 |")
    assert (await upload(coordinator, newer, publish="yes"))[0] == 303
    assert (await coordinator.get("/staff/questionnaires/check-in/2?in=en")).status_code == 200
    async with office.stage.service.database.reading() as tx:
        published = await instruments.get(tx, "check-in", "2")
        assert published is not None
        assert [each.action for each in await audit.of_subject(tx, published.digest)] == ["instrument.published"]


@pytest.mark.parametrize("role", [Role.WORKER, Role.EVALUATOR])
async def test_i18_the_overview_hides_small_numbers(office: Office, role: Role) -> None:
    for chat in range(4):
        await office.stage.enrol(case_code=f"K-{chat}")
    client = await office.client(role)
    table = (await client.get("/staff/overview")).text.partition("<main")[2]
    assert ">4<" not in table
    assert "–" in table


async def test_a_task_that_ends_by_being_done_has_no_button_that_only_says_so(office: Office) -> None:
    person = (await office.stage.enrol()).participant
    async with office.stage.service.database.writing() as tx:
        waiting = [
            await tasks.open_one(tx, NewTask("kragujevac", kind, kind, person), office.stage.now)
            for kind in (*desk.OWN_STEP, "wants_help")
        ]
    for role in (Role.WORKER, Role.COORDINATOR):
        page = (await (await office.client(role)).get("/staff/")).text
        assert [each for each in waiting if f"/staff/tasks/{each}/done" in page] == waiting[-1:]


async def test_a_task_that_was_done_by_a_slip_is_taken_back_by_who_did_it_and_for_a_while(office: Office) -> None:
    person = (await office.stage.enrol()).participant
    async with office.stage.service.database.writing() as tx:
        task = await tasks.open_one(tx, NewTask("kragujevac", "wants_help", "x", person), office.stage.now)
    client, colleague = await office.client(), await office.client()
    done = await client.post(f"/staff/tasks/{task}/done")
    page = (await client.get(done.headers["location"])).text
    assert f'action="/staff/tasks/{task}/undo"' in page
    assert "/undo" not in (await colleague.get(done.headers["location"])).text
    assert (await colleague.post(f"/staff/tasks/{task}/undo")).status_code == 404
    assert (await client.post(f"/staff/tasks/{task}/undo")).status_code == 303
    assert f'action="/staff/tasks/{task}/done"' in (await client.get("/staff/")).text
    assert (await client.post(f"/staff/tasks/{task}/undo")).status_code == 404, "it waits already"
    await client.post(f"/staff/tasks/{task}/done")
    office.stage.now += timedelta(minutes=11)
    assert (await client.post(f"/staff/tasks/{task}/undo")).status_code == 404


async def test_i11_a_task_to_see_to_somebody_who_left_meanwhile_is_not_taken_back(office: Office) -> None:
    stage, person = office.stage, (await office.stage.enrol()).participant
    async with stage.service.database.writing() as tx:
        task = await tasks.open_one(tx, NewTask("kragujevac", "call_wanted", "x", person), stage.now)
    client = await office.client()
    assert (await client.post(f"/staff/tasks/{task}/done")).status_code == 303
    async with stage.service.database.writing() as tx:
        await withdraw(tx, stage.service, person, "operator", stage.now)
    assert (await client.post(f"/staff/tasks/{task}/undo")).status_code == 404
