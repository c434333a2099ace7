"""A key file that is missing, open to others, of the other side, short, weak or damaged is refused, saying which."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveys.records.keyfile import (
    KeyFileRefused,
    KeyPurpose,
    create_keys,
    load_keys,
    next_generation,
    replace_keys,
)
from surveys.rules.vocabulary import Side

HERS = Side.SURVIVORS


def test_a_new_key_file_is_readable_by_its_owner_alone_and_reads_back(tmp_path: Path) -> None:
    ring = create_keys(tmp_path / "keys.json", HERS)
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert load_keys(tmp_path / "keys.json", HERS) == ring
    assert {key.purpose for key in ring.keys} == set(KeyPurpose)
    assert len({key.secret for key in ring.keys}) == len(KeyPurpose)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    ring = create_keys(tmp_path / "keys.json", HERS)
    with pytest.raises(KeyFileRefused, match="never overwritten"):
        create_keys(tmp_path / "keys.json", HERS)
    assert load_keys(tmp_path / "keys.json", HERS) == ring


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys.json", HERS)
    for mode in (0o640, 0o604, 0o620, 0o601):
        (tmp_path / "keys.json").chmod(mode)
        with pytest.raises(KeyFileRefused, match="chmod 600"):
            load_keys(tmp_path / "keys.json", HERS)


def test_a_missing_key_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused, match="missing"):
        load_keys(tmp_path / "keys.json", HERS)
    with pytest.raises(KeyFileRefused):
        load_keys(tmp_path, HERS)


def _edit(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def edit(text: str) -> str:
        record = json.loads(text)
        change(record)
        return json.dumps(record)

    return edit


_WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    "other side": (_edit(lambda r: r.update(side="ex-perpetrators")), "belongs to the side"),
    "no side": (_edit(lambda r: r.pop("side")), "damaged"),
    "unknown side": (_edit(lambda r: r.update(side="staff")), "damaged"),
    "newer format": (_edit(lambda r: r.update(format=2)), "another version"),
    "short": (_edit(lambda r: r["keys"][0].update(key="AAAA")), "not 32 bytes"),
    "weak": (_edit(lambda r: r["keys"][0].update(key="A" * 43 + "=")), "weak"),
    "not base64": (_edit(lambda r: r["keys"][0].update(key="%%%")), "damaged"),
    "purpose missing": (_edit(lambda r: r["keys"].pop()), "no key for audit"),
    "purpose unknown": (_edit(lambda r: r["keys"][0].update(purpose="x")), "damaged"),
    "same id twice": (_edit(lambda r: r["keys"][0].update(id=r["keys"][1]["id"])), "twice"),
    "same key twice": (_edit(lambda r: r["keys"][0].update(key=r["keys"][1]["key"])), "twice"),
    "short id": (_edit(lambda r: r["keys"][0].update(id="ab")), "16 hex"),
    "cut": (lambda text: text[: len(text) // 2], "damaged"),
    "empty": (lambda _: "", "damaged"),
    "a list": (lambda _: "[]", "damaged"),
}


@pytest.mark.parametrize("name", _WRONG)
def test_a_wrong_key_file_is_refused_and_the_refusal_shows_no_key(tmp_path: Path, name: str) -> None:
    change, says = _WRONG[name]
    path = tmp_path / "keys.json"
    ring = create_keys(path, HERS)
    path.write_text(change(path.read_text()))
    with pytest.raises(KeyFileRefused, match=says) as refused:
        load_keys(path, HERS)
    shown = repr(refused.value) + repr(refused.value.__cause__)
    assert not any(key.secret.hex() in shown or str(key.secret) in shown for key in ring.keys)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys.json", HERS)
    (tmp_path / "keys.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyFileRefused, match="damaged"):
        load_keys(tmp_path / "keys.json", HERS)


def test_a_new_generation_keeps_the_old_one_and_leaves_index_and_audit_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = create_keys(path, HERS)
    replace_keys(path, next_generation(first))
    second = load_keys(path, HERS)
    assert set(first.keys) < set(second.keys)
    assert {key.purpose for key in second.older()} == {KeyPurpose.CONTACT, KeyPurpose.ANSWERS, KeyPurpose.OPERATIONS}
    assert second.newest(KeyPurpose.INDEX) == first.newest(KeyPurpose.INDEX)
    assert second.newest(KeyPurpose.AUDIT) == first.newest(KeyPurpose.AUDIT)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"]
