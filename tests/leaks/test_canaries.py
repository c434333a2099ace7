"""Tokens planted in every field of one side are in none of the other's sinks, nor in clear in their own.

Both sides run as they are served, each library saying all that it can say. A sweep that finds nothing proves nothing:
each sink is planted once, and found.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from posle.attesting import record
from surveys.rules.vocabulary import Side
from tests.journeys.clocked import LOUD
from tests.journeys.house import TOKEN, House, house
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.sms_house import AUTH_TOKEN, SmsHouse, sms_house
from tests.journeys.test_page import PAGE
from tests.leaks.sweep import found, named, readings
from tests.steps.her_stage import attested, safe

HERS = {
    "case code": "NI-KANARINKA-4471", "phone": "+381647715532", "code word": "zelenakanarinka",
    "duress word": "plavakanarinka",
    "plan": "Pozovite tetku Kanarinovku odmah", "word": "moj kanarinov", "worker": "Славица Канарић",
    "pin": "kanarinov PIN zna sin", "bill": "kanarinov racun placa on", "typed": "otkucala sam kanarinku sedam",
    "sms token": AUTH_TOKEN,
}  # fmt: skip
HIS = {
    "case code": "NI-KANARINAC-9920", "chat": "8842345671", "word": "mojakanarinka", "worker": "Радмила Канаринић",
    "typed": "otkucao sam kanarinca devet", "bot token": TOKEN,
}  # fmt: skip
SAID_BY = (["plan", "--json"], ["tasks", "--json"], ["alerts", "--json"], ["audit"], ["doctor"])


async def her_life(her: SmsHouse) -> str:
    """She is enrolled, written to, types on the cover, then her word, and answers three items; her link's token."""
    now = her.side.clock.now()
    await record(her.side.folder, attested(), now)
    consent = {"contact": True, "evaluation": True, "call": True, "recorded_by": HERS["worker"], "version": "1"}
    own = safe(
        code_word=HERS["code word"], duress_word=HERS["duress word"], duress_plan=HERS["plan"],
        confirmed_on="2026-11-20", pin_known_by=HERS["pin"], bill_paid_by=HERS["bill"],
    )  # fmt: skip
    await her.enrol(
        HERS["phone"], confirmed=False, case_code=HERS["case code"], other_word=HERS["word"], consent=consent,
        gender="female", other_gender="male", safe_contact=own,
    )  # fmt: skip
    await her.side.serve()
    await her.noticed(HERS["phone"])
    link = next(each for each in her.arrived(HERS["phone"])[-1].seen.split() if "/p/" in each)
    browser = PlainBrowser.new()
    for word in (HERS["typed"], HERS["code word"]):
        await browser.open(link)
        await browser.press(browser.buttons()[0])
        await browser.press("Dalje", text=word)
    await browser.press("Pristajem")
    for _ in range(3):
        options = browser.options()
        await browser.press("Dalje", mark=options[0][1] if options else None)
    return link.rpartition("/")[2]


async def his_life(his: House) -> str:
    """He is enrolled and bound, answers, types something; his link's token."""
    chat = int(HIS["chat"])
    consent = {"contact": True, "evaluation": True, "call": False, "recorded_by": HIS["worker"], "version": "1"}
    await his.enrol(chat, case_code=HIS["case code"], other_word=HIS["word"], consent=consent)
    await his.serve()
    his.follow(chat)
    await his.noticed(chat)
    await his.answer(chat, 4)
    before = his.seen(chat)
    his.type(chat, HIS["typed"])
    await his.changed(chat, before)
    await his.answer(chat)
    return his.wire.world.people[chat].link.partition("start=")[2]


async def sinks(side: House, out: Path, wire: list[Any]) -> Path:
    """All that can be had of a side: its folder, what it logged and sent, every list, both exports, a backup."""
    out.mkdir()  # noqa: ASYNC240 - a folder of the test's own
    (out / "log").write_bytes(side.said.read_bytes())
    (out / "wire").write_text(json.dumps(wire, default=str, ensure_ascii=False), encoding="utf-8")
    by = ["--by", "Ana", "--by", "Eva"]
    for words in (*SAID_BY, ["export", "--out", "rows", *by], ["export", "--research", "--out", "study", *by],
                  ["backup", "copy"]):  # fmt: skip
        target = [str(out / each) if each in ("rows", "study", "copy") else each for each in words[1:]]
        (out / f"said-{words[0]}{len(words)}").write_bytes(await command(words[0], side.folder, target))
    for file in side.folder.iterdir():
        if file.is_file() and file.name != "posle.toml":
            (out / f"folder-{file.name}").write_bytes(file.read_bytes())
    return out


async def command(name: str, folder: Path, words: list[str]) -> bytes:
    """What a command says on both streams."""
    argv = [name, str(folder), *words] if name != "backup" else [name, str(folder), words[0]]
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("posle")), *argv, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0 or name == "doctor", said.decode()
    return said


def sent(side: House) -> list[Any]:
    """Every call that the providers took or refused, as far as it is kept."""
    world = side.wire.simulator.sms.world
    return [*map(asdict, side.wire.world.ledger.accepted), *map(asdict, [*world.wire, *world.refused])]


def planted_everywhere(out: Path, values: Mapping[str, str]) -> None:
    """Each sink is planted with one token after the other, each time in another encoding, and the sweep finds it."""
    for place, file in enumerate(sorted(each for each in out.rglob("*") if each.is_file())):
        name, value = list(values.items())[place % len(values)]
        several = sorted(readings(value))
        file.write_bytes(file.read_bytes() + several[place % len(several)])
        assert name in named(file.read_bytes(), values), f"{name} planted in {file.name}"


async def test_safety_nothing_of_one_side_is_in_any_sink_of_the_other_nor_in_clear_in_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOUD, "1")
    roots = tmp_path / "a", tmp_path / "b"
    for root in roots:
        root.mkdir()
    async with house(roots[0]) as his, sms_house(roots[1], two_way=False, more=PAGE, of=Side.SURVIVORS) as her:
        hers = HERS | {"link": await her_life(her)}
        ours = HIS | {"link": await his_life(his)}
        his_sinks = await sinks(his, tmp_path / "his-sinks", sent(his))
        her_sinks = await sinks(her.side, tmp_path / "her-sinks", sent(her.side))
        assert len(list(his_sinks.iterdir())) > 12
        assert found(his_sinks, hers) == []
        assert found(her_sinks, ours) == []
        for out, own in ((his_sinks, ours), (her_sinks, hers)):
            (out / "wire").unlink()  # a person's own messages hold their own link
            assert found(out, own) == []
    planted_everywhere(his_sinks, hers)
