"""Her side served by telephone alone, as a real process: a call, the interview typed in it, the wave complete."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx

from posle.demo.house import free_port
from posle.enrolling import enrol
from posle.founding import found
from posle.opening import opened, service_of
from surveys.records import accounts, deliveries, invitations, staff_sessions, tasks
from surveys.records.accounts import NewAccount
from surveys.records.evaluators import make_evaluator_keys
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Side
from surveys.steps import staff_access
from surveys.steps.readiness import attest, read_readiness
from tests.journeys.clocked import FileClock
from tests.journeys.house import BEGAN, House, until
from tests.staff.office import Client
from tests.staff.test_calls import answered
from tests.steps.her_stage import PHONE, attested, safe
from tests.steps.stage import given

_SETTINGS = """
[side]
name = "survivors"
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
[staff]
public_url = "http://localhost:{port}"
[database]
url = "sqlite:///posle.db"
[keys]
evaluators_public = "evaluators.pub"
"""


async def founded(root: Path, port: int) -> tuple[Path, str, str, datetime]:
    """The folder, ready; somebody who is to be called; a worker's session; and when the call falls due."""
    folder = root / "hers"
    public, _ = make_evaluator_keys(root / "evaluators")
    await found(folder, Side.SURVIVORS, evaluators=public, database=None, now=BEGAN)
    (folder / "posle.toml").write_text(_SETTINGS.format(port=port))
    agreed = given()["consent"] | {"call": True}
    new = given(channel="phone", phone=PHONE, completed_on="2026-08-20", consent=agreed, gender="female",
                safe_contact=safe(confirmed_on="2026-11-20"))  # fmt: skip
    told = await enrol(folder, new, BEGAN)
    async with opened(folder) as (settings, database):
        service = service_of(settings, database)
        library = service.library
        ready = read_readiness(
            attested(), today=BEGAN.date(), protocol=library.protocol.version, centres=library.centres
        )  # fmt: skip
        async with database.writing() as tx:
            rows = await deliveries.of_participant(tx, str(told["participant"]))
            at = min(row.due_at for row in rows) + timedelta(minutes=1)
            await attest(tx, ready, "by:one", BEGAN)
            worker = NewAccount("w@example.org", "Мира Јовић", Role.WORKER, "kragujevac", "sr_Cyrl", "operator")
            made = await staff_access.invite(tx, service, worker, BEGAN)
            await accounts.activate(tx, made.account)
            half = await staff_sessions.begin(tx, made.account, at, at + staff_access.ABSOLUTE)
            who = await staff_access.signed_in(tx, half, at)
            assert who is not None
            token = await staff_access.strengthened(tx, who, at)
    return folder, str(told["participant"]), token, at


async def to_be_called(folder: Path, person: str) -> bool:
    """Whether the task to call is there: nobody is called without a reason."""
    async with opened(folder) as (_, database), database.reading() as tx:
        return "call" in {each.kind for each in await tasks.of_participant(tx, person)}


async def complete(folder: Path, person: str) -> bool:
    async with opened(folder) as (_, database), database.reading() as tx:
        return "complete" in {each.disposition for each in await invitations.of_participant(tx, person)}


async def test_an_interview_by_telephone_on_a_side_without_bot_or_sms(tmp_path: Path) -> None:
    port, clock = free_port(), FileClock(tmp_path / "clock")
    folder, person, token, at = await founded(tmp_path, port)
    clock.set(at)
    house = House(folder, None, clock, port, tmp_path / "said")  # type: ignore[arg-type]  # no provider is there at all
    process = await house.start("all")
    try:
        await until(house._listens, process, 90.0)
        await until(lambda: to_be_called(folder, person), process, 90.0)
        url = f"http://localhost:{port}"
        async with httpx.AsyncClient(
            base_url=url, cookies={f"c{port}": token}, headers={"Origin": url}, timeout=60
        ) as http:
            client = Client(http)
            one = f"/staff/people/{person}"
            called = await client.post(f"{one}/call")
            assert PHONE in called.text, called.text[:2000]
            await client.post(f"{one}/interview", do="start")
            page = (await client.post(f"{one}/interview", do="yes")).text
            for _ in range(120):
                if "Разговор је завршен" in page:
                    break
                page = await answered(client, f"{one}/interview", page)
        assert await complete(folder, person)
    finally:
        house.process = process
        await house.stop()
    assert PHONE.encode() not in (tmp_path / "said").read_bytes()
