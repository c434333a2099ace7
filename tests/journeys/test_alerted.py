"""Words of danger to a running service: people are told, one after the other, until one takes it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from posle.alerts import acknowledge, drill, listed
from posle.opening import opened
from surveys.language.dull import undull
from surveys.language.script import segments
from tests.bot.smtp import Mailbox, smtp_server
from tests.journeys.house import House, house, until
from tests.steps.on_call import ROWS, attested

QUARTER = timedelta(minutes=16)
WORDS = "ubicu se"
PAGING, AUTH = "AC" + "b2" * 16, "planted-paging-token-Yt7Qs2"


async def alerted(side: House, port: int) -> None:
    """The service with a mail server and people on call; a man has opened his link."""
    file = side.folder / "posle.toml"
    file.write_text(f'{file.read_text()}\n[alerts]\nsmtp_url = "smtp://127.0.0.1:{port}"\n')
    async with opened(side.folder) as (_, database):
        await attested(database, side.clock.now(), ROWS)
    await side.enrol(601)
    await side.serve()
    side.follow(601)
    await side.shown(601)


def told(box: Mailbox, names: list[str]) -> Callable[[], Awaitable[bool]]:
    async def all_of_them() -> bool:
        return box.to() == names

    return all_of_them


async def test_i10_words_of_danger_reach_one_after_the_other_until_somebody_takes_it(tmp_path: Path) -> None:
    box = Mailbox()
    async with smtp_server(box) as port, house(tmp_path) as side:
        await alerted(side, port)
        side.type(601, WORDS)
        await until(told(box, ["elsewhere"]), side.process)
        assert "194" in side.newest(601)
        side.clock.set(side.clock.now() + QUARTER)
        await until(told(box, ["elsewhere", "coordinator"]), side.process)
        [found] = await listed(side.folder, False, side.clock.now())
        await acknowledge(side.folder, found["id"], "Mira Jović", side.clock.now())
        side.clock.set(side.clock.now() + timedelta(hours=3))
        await asyncio.sleep(0.5)
        assert box.to() == ["elsewhere", "coordinator"]
        for _, mail in box.mails:
            assert found["id"] in mail["Subject"]
            whole = mail.as_string()
            assert not [each for each in (WORDS, side.people[601], "+381", "Planted") if each in whole]
        await side.noticed_nothing_of(WORDS, "elsewhere@example.org")


async def test_safety_an_alert_outlives_kill_9_and_a_mail_server_that_was_down(tmp_path: Path) -> None:
    async with smtp_server(Mailbox()) as port:
        pass
    box = Mailbox()
    async with house(tmp_path) as side:
        await alerted(side, port)
        side.type(601, WORDS)

        async def waits() -> bool:
            return bool(await listed(side.folder, False, side.clock.now()))

        await until(waits, side.process)
        await side.kill()
        async with smtp_server(box, port=port):
            await side.serve()
            side.clock.set(side.clock.now() + timedelta(minutes=2))

            async def somebody() -> bool:
                return box.to() == ["elsewhere"]

            await until(somebody, side.process)


async def test_safety_an_alert_reaches_telephones_too_in_one_segment_that_says_nothing_of_it(tmp_path: Path) -> None:
    box, phone = Mailbox(), ROWS[0]["phone"]
    async with smtp_server(box) as port, house(tmp_path) as side:
        sms = side.wire.simulator.sms
        sms.add_account(PAGING, AUTH, "Podsetnik")
        file = side.folder / "posle.toml"
        file.write_text(
            f'{file.read_text()}\n[alerts]\nsmtp_url = "smtp://127.0.0.1:{port}"\nsms_account_sid = "{PAGING}"\n'
            f'sms_auth_token = "{AUTH}"\nsms_sender = "Podsetnik"\nsms_api_url = "{side.wire.url}"\n'
        )
        async with opened(side.folder) as (_, database):
            await attested(database, side.clock.now(), ROWS[:1])
        await side.serve()
        await drill(side.folder, "nis", "Mira", side.clock.now())

        async def both() -> bool:
            return box.to() == ["first"] and len(sms.world.phone(phone)) == 1

        await until(both, side.process, 60.0)
        [found] = await listed(side.folder, False, side.clock.now())
        [message] = sms.world.phone(phone)
        assert found["id"] in message.seen
        assert segments(message.seen) == 1
        assert undull(message.seen) == ()
        await side.noticed_nothing_of(phone, AUTH, message.seen)
