"""`posle demo --once`: six months for the whole cohort, headless, under a simulated clock; then export and flow."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from assessment.files import write_beside
from posle.actors import two_actors
from posle.assessing import Given, assess
from posle.demo.cohort import SCALE, Cohort, make_cohort
from posle.demo.crowd import Crowd
from posle.demo.hers import play_hers
from posle.demo.house import BOT_NAME, HIS, KEYS, TOKEN, build, enrol_all
from posle.demo.readers import Readers
from posle.demo.reins import Reins, pipes
from posle.demo.summary import summarise
from posle.opening import opened
from posle.wiring import wire
from simulator.server import Running, serving
from surveys.rules.vocabulary import SHIPPED_LANGUAGES
from surveys.steps.export import export

FIRST = date(2026, 9, 7)
BEGAN = datetime(2026, 10, 5, 7, tzinfo=UTC)
LINK = "https://t.me/{bot}?start={token}"
STEP = timedelta(minutes=30)
"""What falls due within so long is played at once; nobody's answer takes longer than the day of it."""
ENDS = timedelta(days=250)
ROOM = 2**30
"""Bytes; the two sides take about a tenth of it."""
NON_VIOLENT_DURING = 0.8
"""The article's figure, of those enrolled."""
Tell = Callable[[str], None]
People = tuple[Crowd, Readers]
"""Those with a chat, and those with SMS."""


async def once(out: Path, seed: int, tell: Tell, scale: int = SCALE) -> Mapping[str, object]:
    """Play it and write `out`; the figures. RuntimeError where the side's process ended early."""
    cohort = make_cohort(seed, FIRST, scale)
    with tempfile.TemporaryDirectory(prefix="posle-demo-", dir=_in_memory()) as scratch:
        moment = [BEGAN]
        async with serving(tokens=(TOKEN,), now=lambda: moment[0], name="Anketa") as phones:
            phones.world.bot().username = BOT_NAME
            folder, _ = await build(Path(scratch), phones.url, BEGAN, sms=True)
            crowd, readers = await _enrolled(folder, phones, cohort, seed)
            scratched, ends = Path(scratch), BEGAN + ENDS
            public = scratched / KEYS / "evaluators.pub"
            theirs = asyncio.create_task(play_hers(scratched, public, cohort.men, BEGAN, ends, seed))
            async with child(folder, seed, BEGAN, runs=False) as reins:
                await _play(reins, phones, (crowd, readers), moment, tell)
            tell("the other side …")
            hers = await theirs
            figures = await _finish(folder, hers, out, cohort, seed, moment[0])
            await _export(hers, out / "survivors", moment[0], research=False)
            await assess_both(folder, hers, scratched / KEYS, cohort, out, moment[0])
            return figures


def _in_memory() -> str | None:
    """Where files need no disk, if there is room: tens of thousands of durable commits of people who do not exist."""
    memory = Path("/dev/shm")  # noqa: S108 - only the folder in it, which nobody else may read
    with contextlib.suppress(OSError):
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
            return str(memory)
    return None


async def _enrolled(folder: Path, phones: Running, cohort: Cohort, seed: int) -> People:
    account = phones.sms.add_account(HIS.sid, HIS.sms_token, HIS.sender)
    crowd, readers = Crowd(phones, seed), Readers(phones, account, seed)
    enrolled = await enrol_all(folder, cohort.men, BEGAN, seed)
    for man, each in zip(cohort.men, enrolled, strict=True):
        if man.given["channel"] == "sms":
            readers.add(f"Osoba {man.chat}", man.given["phone"], man.truth)
        else:
            crowd.add(man.chat, LINK.format(bot=BOT_NAME, token=each.token), BEGAN, man.truth)
    return crowd, readers


@asynccontextmanager
async def child(folder: Path, seed: int, at: datetime, *, runs: bool) -> AsyncIterator[Reins]:
    """The side's own process, led by the reins; it ends with the block."""
    ours, theirs = pipes()
    command = [sys.executable, "-m", "posle.demo.child", folder, theirs.reads, theirs.writes, seed, at.isoformat()]
    arguments = [str(each) for each in command] + ["runs" if runs else "stands"]
    inherited = (theirs.reads, theirs.writes)
    process = await asyncio.create_subprocess_exec(*arguments, pass_fds=inherited, stdout=subprocess.DEVNULL)
    for descriptor in inherited:
        os.close(descriptor)
    reins = Reins(ours)
    try:
        await reins.go_to(at)
        yield reins
    finally:
        reins.close()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), 20)
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _play(reins: Reins, phones: Running, people: People, moment: list[datetime], tell: Tell) -> None:
    due = await reins.settle()
    month = BEGAN.month - 1
    while True:
        coming = [each for each in (due, *(every.next_due() for every in people)) if each is not None]
        if not coming or min(coming) > BEGAN + ENDS:
            return
        moment[0] = max(moment[0], min(coming))
        month = tell_months(month, moment[0], tell)
        due = await _moment(reins, phones, people, moment)


def tell_months(told: int, now: datetime, tell: Tell) -> int:
    """Every month up to now that was not told yet, also one in which nothing fell due; the last, counted from 1 on."""
    reached = 12 * (now.year - BEGAN.year) + now.month
    for number in range(told + 1, reached + 1):
        years, month = divmod(number - 1, 12)
        tell(f"{BEGAN.year + years}-{month + 1:02d} …" + ("" if number == reached else " (nothing falls due)"))
    return reached


async def _moment(reins: Reins, phones: Running, people: People, moment: list[datetime]) -> datetime | None:
    """One stretch of simulated time: what is due is sent, and everybody answers until it is quiet."""
    due = await reins.go_to(moment[0])
    until, (crowd, readers) = moment[0] + STEP, people
    while crowd.act(until) + await readers.act(until):
        await phones.quiet(0.002)
        due = await reins.settle()
    return due


async def assess_both(his: Path, hers: Path, keys: Path, cohort: Cohort, out: Path, now: datetime) -> None:
    """What an evaluator does: a research export of each side, and a report in each script and language.

    Exports, centre records and the key of these made-up people stay, so that whoever reads can assess them again.
    """
    rows = out / "research"
    rows.mkdir()
    for folder in (his, hers):
        await _export(folder, rows / folder.name, now, research=True)
    key = out / "evaluators" / "evaluators.key"
    key.parent.mkdir()
    shutil.copy2(keys / key.name, key)
    centres = rows / "centres.csv"
    centres.write_text(_centre_records(cohort), encoding="utf-8")
    given = Given(rows / his.name, rows / hers.name, key, centres, ("demo one", "demo two"), invented=True)
    for language in SHIPPED_LANGUAGES:
        assess(given, out / f"assessment-{language}", language)


def _centre_records(cohort: Cohort) -> str:
    """As centres would keep them: who started, completed and dropped out, and who was without violence meanwhile."""
    lines = ["centre,year,started,admitted,completed,dropped_out,followed_during,non_violent_during"]
    for centre, started in sorted(cohort.started.items()):
        done = cohort.completed[centre]
        numbers = (started, started, done, started - done, started, round(NON_VIOLENT_DURING * started))
        lines.append(f"{centre},{FIRST.year},{','.join(map(str, numbers))}")
    return "\n".join(lines) + "\n"


async def _export(folder: Path, out: Path, now: datetime, *, research: bool) -> None:
    async with opened(folder) as (settings, database):
        by = two_actors(database, ("demo one", "demo two"))
        await export(wire(settings, database), out, by, now, research=research, beside=partial(write_beside, "sr_Latn"))


async def _finish(
    folder: Path, hers: Path, out: Path, cohort: Cohort, seed: int, now: datetime
) -> Mapping[str, object]:
    await _export(folder, out / "ex-perpetrators", now, research=False)
    async with opened(folder) as (settings, database), opened(hers) as (other, others):
        return await summarise(wire(settings, database), wire(other, others), cohort, out, seed)
