"""Sealed values open only in their own place, with their own key; the registry knows every sealed column."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from surveys.records import keys
from surveys.records.columns import Keyed, NotSealed, Sealed
from surveys.records.database import Database
from surveys.records.evaluators import (
    EvaluatorKeyRefused,
    ExportOpener,
    make_evaluator_keys,
    read_evaluators_private,
    read_evaluators_public,
    seal_for_evaluators,
)
from surveys.records.keyfile import KeyPurpose, KeyRing, make_keys
from surveys.records.sealing import REGISTRY, DataKey, Seals, UnregisteredColumn, WrongKey
from surveys.records.tables import contacts, metadata
from surveys.rules.vocabulary import Side
from tests.databases import any_seals

from .cast import NOW, somebody

_SEALS = any_seals()
_KEY, _ = _SEALS.new_data_key("p-1", KeyPurpose.CONTACT)
_PLACE = ("contacts", "address", "c-1")
_names = st.text(st.characters(codec="ascii", categories=["Ll", "Nd"]), min_size=1, max_size=12)


@given(st.text(), _names)
def test_what_was_sealed_opens_in_its_place(text: str, row: str) -> None:
    sealed = _SEALS.seal(_KEY, "contacts", "address", row, text)
    assert _SEALS.open(_KEY, "contacts", "address", row, sealed) == text
    assert len(text) < 3 or text.encode() not in sealed


@given(st.tuples(_names, _names, _names).filter(lambda place: place != _PLACE))
def test_a_sealed_value_moved_to_another_table_column_or_row_does_not_open(place: tuple[str, str, str]) -> None:
    sealed = _SEALS.seal(_KEY, *_PLACE, "+381601234567")
    with pytest.raises(WrongKey):
        _SEALS.open(_KEY, *place, sealed)


@given(st.data())
def test_a_sealed_value_changed_in_any_bit_or_cut_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(_SEALS.seal(_KEY, *_PLACE, "+381601234567"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WrongKey):
        _SEALS.open(_KEY, *_PLACE, bytes(sealed))
    with pytest.raises(WrongKey):
        _SEALS.open(_KEY, *_PLACE, bytes(sealed[: bit // 8]))


def test_the_same_value_is_sealed_to_different_bytes_each_time() -> None:
    assert len({_SEALS.seal(_KEY, *_PLACE, "x") for _ in range(50)}) == 50


def test_a_value_of_the_other_side_does_not_open_even_with_the_same_key() -> None:
    ring = make_keys(Side.EX_PERPETRATORS)
    his, hers = Seals(ring), Seals(KeyRing(Side.SURVIVORS, ring.keys))
    sealed = his.seal(his.operations, "inbox", "payload", "x:1", "text")
    with pytest.raises(WrongKey):
        hers.open(hers.operations, "inbox", "payload", "x:1", sealed)


def test_another_persons_key_does_not_open_it_and_the_error_names_the_key_alone() -> None:
    other, _ = _SEALS.new_data_key("p-2", KeyPurpose.CONTACT)
    sealed = _SEALS.seal(_KEY, *_PLACE, "+381601234567")
    with pytest.raises(WrongKey) as wrong:
        _SEALS.open(other, *_PLACE, sealed)
    assert wrong.value.key == _KEY.id.hex()
    assert "381" not in str(wrong.value)


def test_contact_details_and_answers_are_under_different_keys() -> None:
    answers, _ = _SEALS.new_data_key("p-1", KeyPurpose.ANSWERS)
    with pytest.raises(UnregisteredColumn):
        _SEALS.seal(answers, *_PLACE, "x")
    with pytest.raises(UnregisteredColumn):
        _SEALS.seal(_KEY, "answers", "value", "t/1", "x")


@pytest.mark.parametrize("place", [("participants", "centre"), ("nowhere", "address"), ("participants", "case_code")])
def test_a_column_that_is_not_registered_cannot_be_sealed_for(place: tuple[str, str]) -> None:
    with pytest.raises(UnregisteredColumn):
        _SEALS.seal(_KEY, *place, "p-1", "x")


def test_a_wrapped_key_opens_only_for_its_person_and_purpose() -> None:
    key, wrapped = _SEALS.new_data_key("p-1", KeyPurpose.CONTACT)
    again = _SEALS.unwrap("p-1", KeyPurpose.CONTACT, wrapped.id, wrapped.wrapped)
    assert _SEALS.open(again, *_PLACE, _SEALS.seal(key, *_PLACE, "x")) == "x"
    with pytest.raises(WrongKey):
        _SEALS.unwrap("p-2", KeyPurpose.CONTACT, wrapped.id, wrapped.wrapped)
    with pytest.raises(WrongKey):
        _SEALS.unwrap("p-1", KeyPurpose.ANSWERS, wrapped.id, wrapped.wrapped)
    with pytest.raises(WrongKey):
        Seals(make_keys(Side.EX_PERPETRATORS)).unwrap("p-1", KeyPurpose.CONTACT, wrapped.id, wrapped.wrapped)


def test_a_blind_index_is_equal_for_equal_values_of_one_column_and_side_only() -> None:
    index = _SEALS.index("contacts", "address", "sms:+381601234567")
    assert index == _SEALS.index("contacts", "address", "sms:+381601234567")
    assert index != _SEALS.index("contacts", "address", "sms:+381601234568")
    assert index != _SEALS.index("links", "token_hash", "sms:+381601234567")
    assert index != any_seals(Side.SURVIVORS).index("contacts", "address", "sms:+381601234567")


def test_no_object_that_holds_a_key_or_a_value_shows_it() -> None:
    ring = _SEALS.ring
    assert ring.keys[0].secret.hex() not in repr(ring)
    assert str(ring.keys[0].secret) not in repr(ring)
    assert isinstance(_KEY, DataKey)
    assert "AESGCM" not in repr(_KEY)


def test_every_sealed_column_is_registered_and_every_registered_one_exists() -> None:
    sealed = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    assert sealed == set(REGISTRY)


def test_no_column_takes_plain_bytes() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            assert "BLOB" not in str(column.type.compile()) or isinstance(column.type, Sealed | Keyed), column


async def test_a_plain_value_planted_in_a_sealed_column_is_refused(database: Database) -> None:
    row = {column.name: None for column in contacts.columns}
    async with database.writing() as tx:
        person = await somebody(tx)
    for plain in (b"+381601234567", "+381601234567", b"\x01short", b"\x00" * 60):
        with pytest.raises(NotSealed):
            await _plant(database, row | {"id": "c-x", "participant": person.id, "channel": "sms", "address": plain})


async def _plant(database: Database, row: dict[str, object]) -> None:
    async with database.writing() as tx:
        await tx.run(_INSERT, **row | {"created_at": NOW})


_INSERT = insert(contacts)


async def test_a_database_with_another_key_file_names_the_missing_key_only(database: Database) -> None:
    async with database.writing() as tx:
        person = await somebody(tx)
    other = await Database.open(database.url, Seals(make_keys(Side.EX_PERPETRATORS)))
    async with other.reading() as tx:
        with pytest.raises(WrongKey) as wrong:
            await keys.of(tx, person.id)
    await other.close()
    assert wrong.value.key in {key.id for key in database.seals.ring.keys}


def test_a_case_code_opens_with_the_evaluators_key_alone_and_equal_codes_look_different(tmp_path: Path) -> None:
    public_path, private_path = make_evaluator_keys(tmp_path / "evaluators")
    public, private = read_evaluators_public(public_path), read_evaluators_private(private_path)
    boxes = {seal_for_evaluators(public, "K7-QX", "case code") for _ in range(20)}
    assert len(boxes) == 20
    assert {ExportOpener(private).open(box, "case code") for box in boxes} == {"K7-QX"}
    assert len({len(seal_for_evaluators(public, code, "")) for code in ("A", "A" * 40, "Ж" * 32)}) == 1
    box = boxes.pop()
    with pytest.raises(WrongKey):
        ExportOpener(private).open(box, "another place")
    with pytest.raises(WrongKey):
        ExportOpener(bytes(range(32))).open(box, "case code")
    with pytest.raises(ValueError, match="at most"):
        seal_for_evaluators(public, "A" * 65, "")


@given(st.binary(max_size=200))
def test_bytes_that_are_no_box_are_refused(blob: bytes) -> None:
    with pytest.raises(WrongKey):
        ExportOpener(bytes(range(32))).open(blob, "")


def test_the_evaluators_keys_are_checked_and_never_overwritten(tmp_path: Path) -> None:
    public, private = make_evaluator_keys(tmp_path)
    assert private.stat().st_mode & 0o777 == 0o600
    with pytest.raises(EvaluatorKeyRefused, match="never overwritten"):
        make_evaluator_keys(tmp_path)
    with pytest.raises(EvaluatorKeyRefused, match="no evaluators' public"):
        read_evaluators_public(private)
    with pytest.raises(EvaluatorKeyRefused, match="missing"):
        read_evaluators_public(tmp_path / "nothing")
    private.chmod(0o644)
    with pytest.raises(EvaluatorKeyRefused, match="chmod 600"):
        read_evaluators_private(private)
    public.write_text("posle evaluators public zz\n")
    with pytest.raises(EvaluatorKeyRefused):
        read_evaluators_public(public)


def test_only_sealing_imports_cryptography() -> None:
    root = Path(__file__).parents[2] / "surveys" / "records"
    users = {path.name for path in root.rglob("*.py") if "cryptography" in _imports(path)}
    assert users == {"sealing.py"}


def _imports(path: Path) -> str:
    return " ".join(line for line in path.read_text("utf-8").splitlines() if line.startswith(("import ", "from ")))
