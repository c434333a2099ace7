"""Who dribbles at a running service keeps nobody out: a signed STOP, quick exit and the scheduler stay on time."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx

from simulator.twilio_posts import signed
from surveys.rules.vocabulary import Status
from tests.journeys.sms_house import ACCOUNT, AUTH_TOKEN, PHONE, SENDER, SmsHouse, sms_house
from tests.journeys.test_page import EXIT, PAGE, link_of

KIND = b"Content-Type: application/x-www-form-urlencoded\r\n"
HOOK = b"POST /hooks/sms HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\n" + KIND
DRIBBLES = (
    (300, b"GET /p/x HTTP/1.1\r\nHost: "),
    (60, HOOK + b"Content-Length: 100\r\n\r\na"),
    (110, b"POST /p/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na"),
)
LATE = timedelta(seconds=20)
"""By much more than that the tick would be behind a body's or a head's whole time, were it held up by one."""


async def stop(base: str) -> int:
    """Posts what the provider posts where he writes STOP."""
    form = {"AccountSid": ACCOUNT, "MessageSid": "SM" + "7" * 32, "From": PHONE, "To": SENDER, "Body": "STOP",
            "NumMedia": "0"}  # fmt: skip
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signed(AUTH_TOKEN, f"{base}/hooks/sms", form),
    }
    async with httpx.AsyncClient(timeout=30) as client:
        return (await client.post(f"{base}/hooks/sms", content=urlencode(form), headers=headers)).status_code


async def last_tick(base: str) -> datetime:
    async with httpx.AsyncClient(timeout=30) as client:
        return datetime.fromisoformat((await client.get(f"{base}/health")).json()["last_tick"])


async def ticked(house: SmsHouse, base: str) -> None:
    """A minute passes on its clock; wait until a tick has gone by that."""
    house.side.clock.set(house.side.clock.now() + timedelta(minutes=1))
    now = house.side.clock.now()
    async with asyncio.timeout(LATE.total_seconds()):
        while await last_tick(base) < now:  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.05)


async def test_safety_dribbling_connections_keep_neither_a_stop_nor_an_exit_nor_the_scheduler_back(
    tmp_path: Path,
) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE) as house:
        person = await house.enrol(language="sr_Latn")
        await house.side.serve()
        await house.noticed()
        await house.settled()
        base, writers = f"http://127.0.0.1:{house.side.port}", []
        for count, said in DRIBBLES:
            for _ in range(count):
                _, writer = await asyncio.open_connection("127.0.0.1", house.side.port)
                writer.write(said)
                writers.append(writer)
        async with httpx.AsyncClient(timeout=30) as client:
            left = await client.post(link_of(house), content="do=exit")
        assert (left.status_code, left.headers["location"]) == (303, EXIT)
        assert await stop(base) == 200
        await ticked(house, base)
        assert await house.status(person) is Status.WITHDRAWN
        for writer in writers:
            writer.close()


async def test_safety_quick_exit_leads_away_at_once_while_the_database_is_locked(tmp_path: Path) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE) as house:
        await house.enrol(language="sr_Latn")
        await house.side.serve()
        await house.noticed()
        await house.settled()
        with house.locked():
            async with httpx.AsyncClient(timeout=5) as client:
                left = await client.post(link_of(house), content="do=exit")
            assert (left.status_code, left.headers["location"]) == (303, EXIT)
            assert "max-age=0" in left.headers["set-cookie"].lower()
