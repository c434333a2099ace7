"""After a whole journey nothing that was planted is in clear in any file of the side, nor in what it said."""

from pathlib import Path

from tests.journeys.house import TOKEN, house
from tests.leaks.sweep import found, readings

PHONE = "+381649876543"
PLANTED = {
    "case code": "KG-KANARINAC-81", "phone": PHONE, "word": "mojakanarinka", "worker": "Радмила Канаринић",
    "typed": "otkucani kanarinac devet", "chat": "8812345678", "bot token": TOKEN,
}  # fmt: skip


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
