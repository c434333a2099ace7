"""After a whole journey nothing that was planted is in clear in any file of the side, nor in what it said."""

import base64
from pathlib import Path

from surveys.language.script import fold
from tests.journeys.house import TOKEN, house

PHONE = "+381649876543"
PLANTED = {
    "case code": "KG-KANARINAC-81", "phone": PHONE, "word": "mojakanarinka", "worker": "Радмила Канаринић",
    "typed": "otkucani kanarinac devet", "chat": "8812345678", "bot token": TOKEN,
}  # fmt: skip


def readings(value: str) -> set[bytes]:
    """The value as it could stand in a file."""
    said = {value, fold(value), value.lower(), value.upper()}
    raw = {each.encode(code) for each in said for code in ("utf-8", "utf-16-le", "utf-16-be")}
    encoded = {base64.b64encode(b"\0" * shift + each)[4 if shift else 0 : -4] for each in raw for shift in range(3)}
    return raw | {each.hex().encode() for each in raw} | {each for each in encoded if len(each) >= 8}


def found(root: Path, values: dict[str, str]) -> list[str]:
    """Which of them are in clear in which file, settings apart."""
    files = [each for each in root.rglob("*") if each.is_file() and each.name != "posle.toml"]
    return [
        f"{name} in {file.name}" for file in files for name, value in values.items()
        if any(reading in (raw := file.read_bytes()) for reading in readings(value)) and raw is not None
    ]  # fmt: skip


async def test_nothing_planted_is_left_in_clear(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        consent = {"contact": True, "evaluation": True, "call": False, "recorded_by": PLANTED["worker"], "version": "1"}
        chat = int(PLANTED["chat"])
        await side.enrol(chat, case_code=PLANTED["case code"], phone=PHONE, other_word=PLANTED["word"], consent=consent)
        token = side.wire.world.people[chat].link.partition("start=")[2]
        await side.serve()
        side.follow(chat)
        await side.noticed(chat)
        await side.answer(chat, 4)
        before = side.seen(chat)
        side.type(chat, PLANTED["typed"])
        await side.changed(chat, before)
        side.wire.hands.press(side.bot, side.wire.world.people[chat], data=side.buttons(chat)[0][0])
        planted = PLANTED | {"link": token, "name": f"Planted{chat}"}
        root = tmp_path / "sweep"
        root.mkdir()
        assert found(side.folder, planted) == []
        (root / "said").write_bytes(side.said.read_bytes())
        assert found(root, planted) == []
        await side.answer(chat)
        await side.stop()
        assert found(side.folder, planted) == []


def test_a_planted_leak_is_found(tmp_path: Path) -> None:
    for number, (name, value) in enumerate(PLANTED.items()):
        for kind, reading in enumerate(readings(value)):
            (tmp_path / f"{number}-{kind}").write_bytes(b"\x01\x02page" + reading + b"rest")
            assert any(each.startswith(name) for each in found(tmp_path, {name: value}))
            (tmp_path / f"{number}-{kind}").unlink()
