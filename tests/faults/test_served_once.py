"""One process serves a side: a second one changes nothing and says so; ending politely is status 0, a port in use 1."""

import asyncio
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posle.opening import opened
from surveys.records import deliveries
from surveys.records.deliveries import NewDelivery
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState
from tests.journeys.house import House, house, until


async def _command(side: House) -> tuple[int | None, str]:
    """`posle serve` as it is typed: its status, and what it said on standard error."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("posle")), "serve", str(side.folder),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


async def _claim(side: House) -> str:
    """A reply of the running process that is on its way."""
    new = NewDelivery(DeliveryKind.REPLY, 0, Channel.TELEGRAM, datetime.now(UTC), "reply", side.people[851])
    async with opened(side.folder) as (_, database), database.writing() as tx:
        delivery, _ = await deliveries.born_claimed(tx, new, side.clock.now())
    return delivery


async def _state(side: House, delivery: str) -> DeliveryState:
    async with opened(side.folder) as (_, database), database.reading() as tx:
        row = await deliveries.get(tx, delivery)
    assert row is not None
    return row.state


async def test_i2_a_second_serve_of_one_folder_is_refused_and_touches_no_claim(tmp_path: Path, place: str) -> None:
    async with house(tmp_path, database=place) as side:
        await side.enrol(851)
        await side.serve()
        claimed = await _claim(side)
        status, said = await _command(side)
        assert (status, said) == (
            1, "posle: This side is being served by another process; stop that one first.\n",
        )  # fmt: skip
        assert await _state(side, claimed) is DeliveryState.CLAIMED
        await side.kill()
        await side.serve()

        async def given_up() -> bool:
            return await _state(side, claimed) is DeliveryState.UNKNOWN

        await until(given_up, side.process)  # it was left by a process that was killed


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_serve_that_is_told_to_end_ends_with_status_0(tmp_path: Path, sign: signal.Signals) -> None:
    async with house(tmp_path) as side:
        process = await side.serve()
        await side.stop(sign)
        assert process.returncode == 0
        assert side.said.read_text().splitlines()[-1].startswith("ending: ")


async def test_a_port_in_use_is_refused_in_one_line_before_anything_is_touched(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(851)
        claimed = await _claim(side)
        with socket.create_server(("127.0.0.1", side.port)):
            status, said = await _command(side)
        assert status == 1
        assert said.startswith("posle: [side] listen: something else listens there already")
        assert said.count("\n") == 1
        assert await _state(side, claimed) is DeliveryState.CLAIMED
        async with opened(side.folder) as (_, database), database.writing() as tx:
            await deliveries.mark_unknown(tx, claimed, (await deliveries.get(tx, claimed)).lease, side.clock.now(), "x")  # type: ignore[union-attr,arg-type]
