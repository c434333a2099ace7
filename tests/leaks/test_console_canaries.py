"""Both consoles, opened by every role: nothing planted in one side is in any page or header of the other.

Every page of the console's own table is fetched, downloads too, so that a new one is swept without being named here.
A sweep that finds nothing proves nothing: what a side's own staff may see is found where it belongs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from staff.asked import Page
from staff.table import PAGES
from surveys.records import alerts, invitations, tasks
from surveys.records.database import Database
from surveys.records.tasks import NewTask
from surveys.rules.roles import MATRIX, Role
from tests.databases import any_seals, fresh_sqlite
from tests.leaks.sweep import named
from tests.staff.office import Client, Office, opened
from tests.staff.test_matrix import FIXED
from tests.steps.her_stage import HOURS, Phone, consenting, make_her_stage, safe
from tests.steps.stage import Stage, make_stage

CENTRE = "kragujevac"
HERS = {
    "case code": "NI-KANARINKA-4471", "phone": "+381647715532", "code word": "zelenakanarinka",
    "duress word": "plavakanarinka", "plan": "Pozovite tetku Kanarinovku odmah", "word": "moj kanarinov",
    "worker": "Славица Канарић", "pin": "kanarinov PIN zna sin", "bill": "kanarinov racun placa on",
    "typed": "otkucala sam kanarinku sedam", "note": "kanarinkina beleška", "account": "Канарина Канаринкић",
}  # fmt: skip
HIS = {
    "case code": "NI-KANARINAC-9920", "chat": "8842345671", "word": "mojkanarinac", "worker": "Радмила Канаринић",
    "typed": "otkucao sam kanarinca devet", "note": "kanarinčeva beleška", "account": "Канаринко Канаринчић",
}  # fmt: skip
HER_STAFF_SEE, HIS_STAFF_SEE = {"plan", "pin", "bill", "worker", "account"}, {"worker", "account"}
"""What a page shows of what was planted; all the rest is on no page at all."""


@dataclass
class Seen:
    """What came back: every line once, and the addresses that were answered with a page."""

    lines: set[bytes] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)

    @property
    def all(self) -> bytes:
        """Every line of every answer; most stand on every page."""
        return b"\n".join(self.lines)


async def her_side(folder: Path) -> Stage:
    """She is enrolled and written to; the duress word is typed."""
    her = await make_her_stage(await opened_database(folder), folder)
    await her.ready()
    own = safe(
        hours=HOURS, code_word=HERS["code word"], duress_word=HERS["duress word"], duress_plan=HERS["plan"],
        pin_known_by=HERS["pin"], bill_paid_by=HERS["bill"],
    )  # fmt: skip
    consent = consenting(call=True, recorded_by=HERS["worker"])
    await her.enrol(
        case_code=HERS["case code"], phone=HERS["phone"], other_word=HERS["word"], consent=consent, safe_contact=own
    )
    phone = Phone(her, await her.noticed())
    await phone.gate(HERS["typed"])
    await phone.gate(HERS["duress word"])
    return her


async def his_side(folder: Path) -> Stage:
    """He is enrolled, answers, and writes words of danger."""
    his = await make_stage(await opened_database(folder), folder)
    consent = consenting(recorded_by=HIS["worker"])
    new = await his.enrol(case_code=HIS["case code"], other_word=HIS["word"], consent=consent)
    await his.start(new.token, HIS["chat"])
    await his.say(f"{HIS['typed']}, ubiću se", HIS["chat"])
    return his


async def opened_database(folder: Path) -> Database:
    folder.mkdir()  # noqa: ASYNC240 - a folder of the test's own
    return await Database.open(fresh_sqlite(folder), any_seals())


def addresses(role: Role, ids: dict[str, str]) -> Iterator[str]:
    """Every address that answers a GET of this role, and one that does not exist."""

    def may(page: Page) -> bool:
        return page.method == "GET" and (page.may is None or page.may in MATRIX[role])

    yield from (page.path.format(**(FIXED | ids)) for page in PAGES if may(page))
    yield "/staff/nothing"
    yield "/favicon.ico"


async def ids_of(side: Stage, note: str) -> dict[str, str]:
    """Ids that lead to something: the alert, its person and wave, and a task with a note."""
    async with side.service.database.writing() as tx:
        alert = (await alerts.standing(tx))[0]
        person = str(alert.participant)
        task = await tasks.open_one(tx, NewTask(alert.centre, "wants_help", "x", person, note=note), side.now)
        waves = await invitations.of_participant(tx, person)
    return {
        "participant": person, "alert": alert.id, "task": str(task), "invitation": waves[0].id, "name": "check-in",
        "version": "1", "centre": alert.centre, "kind": "completed_on",
    }  # fmt: skip


async def swept(office: Office, note: str, name: str) -> Seen:
    """Every role opens every page."""
    seen, ids = Seen(), await ids_of(office.stage, note)
    await office.account(Role.ADMINISTRATOR, name=name)
    for role in Role:
        await _look(await office.client(role, CENTRE), addresses(role, ids), seen)
    return seen


async def _look(client: Client, pages: Iterator[str], seen: Seen) -> None:
    for each in pages:
        answer = await client.get(each)
        assert answer.status_code < 500, each
        seen.lines |= {name + b": " + value for name, value in answer.headers.raw}
        seen.lines |= {*answer.content.split(b"\n"), str(answer.url).encode()}
        if answer.status_code == 200:
            seen.shown.add(each)


async def test_safety_nothing_of_one_side_is_on_a_page_or_in_a_header_of_the_others_console(tmp_path: Path) -> None:
    hers, his = await her_side(tmp_path / "hers"), await his_side(tmp_path / "his")
    async with opened(hers) as her_office, opened(his) as his_office:
        her_pages = await swept(her_office, HERS["note"], HERS["account"])
        his_pages = await swept(his_office, HIS["note"], HIS["account"])
    for side in (hers, his):
        await side.service.database.close()
    assert named(his_pages.all, HERS) == []
    assert named(her_pages.all, HIS) == []
    assert set(named(her_pages.all, HERS)) == HER_STAFF_SEE, "the sweep sees what is there, and nothing else is"
    assert set(named(his_pages.all, HIS)) == HIS_STAFF_SEE
    for seen in (her_pages, his_pages):
        assert len(seen.shown) > 25
        assert b"content-security-policy: " in seen.all, "headers are swept too"
