"""Column types: instants, days, closed words and sealed bytes. None of them ever lets a plain value into a sealed
column."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Column, ColumnElement, Dialect, LargeBinary, Table, Text, literal_column, or_
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
SEALED_VERSION = 1
_SHORTEST_SEAL = 1 + 8 + 12 + 16


class NaiveInstant(ValueError):
    """An instant without a zone was handed to the database; hand in an aware one."""


class NotSealed(ValueError):
    """A plain value was about to be written into a sealed column; seal it first."""


def to_microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970 in UTC; `NaiveInstant` where there is no zone."""
    if instant.tzinfo is None:
        raise NaiveInstant
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The instant of whole microseconds since 1970, in UTC."""
    return _EPOCH + timedelta(microseconds=count)


class _Direct(TypeDecorator[T]):
    """Hands its own conversions to who runs a statement: SQLAlchemy's wrapping costs more than most of them do."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """What each value passes through on its way in."""
        del dialect
        return self.process_bind_param

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """What each value passes through on its way out."""
        del dialect, coltype
        return self.process_result_value


class Instant(_Direct[datetime]):
    """An aware datetime, kept as UTC microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect | None = None) -> int | None:
        """Aware datetime in, microseconds out."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, _dialect: Dialect | None = None) -> datetime | None:
        """Microseconds in, UTC datetime out."""
        return None if value is None else from_microseconds(value)


class Day(_Direct[date]):
    """A calendar date, kept as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, _dialect: Dialect | None = None) -> str | None:
        """Date in, `YYYY-MM-DD` out; an instant is no date."""
        if isinstance(value, datetime):
            raise TypeError("an instant is no day")
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, _dialect: Dialect | None = None) -> date | None:
        """`YYYY-MM-DD` in, date out."""
        return None if value is None else date.fromisoformat(value)


class Word(_Direct[StrEnum]):
    """One word of a closed set; anything else is refused on the way in and on the way out."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        self._known = {each.value: each for each in words}

    def process_bind_param(self, value: str | None, _dialect: Dialect | None = None) -> str | None:
        """A member, or its value, in; its value out."""
        return None if value is None else self._word(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect | None = None) -> StrEnum | None:
        """The value in, the member out."""
        return None if value is None else self._word(value)

    def _word(self, value: str) -> StrEnum:
        return self._known.get(value) or self.words(value)  # which refuses it


class Sealed(_Direct[bytes]):
    """Ciphertext from `sealing`; it is opened by the noun module that reads it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect | None = None) -> bytes | None:
        """Sealed bytes pass; anything else is refused."""
        if value is None:
            return None
        if not isinstance(value, bytes) or len(value) < _SHORTEST_SEAL or value[0] != SEALED_VERSION:
            raise NotSealed
        return value

    def process_result_value(self, value: bytes | None, _dialect: Dialect | None = None) -> bytes | None:
        """The bytes as they are."""
        return value


class Keyed(_Direct[bytes]):
    """The output of a keyed function (blind index, wrapped key, MAC): bytes that say nothing without the key."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect | None = None) -> bytes | None:
        """At least sixteen bytes pass; anything else is refused."""
        if value is None:
            return None
        if not isinstance(value, bytes) or len(value) < 16:
            raise NotSealed
        return value

    def process_result_value(self, value: bytes | None, _dialect: Dialect | None = None) -> bytes | None:
        """The bytes as they are."""
        return value


def const(word: str) -> ColumnElement[str]:
    """A word written into the statement itself, so that partial indexes are used. Never for anything from outside."""
    if not re.fullmatch(r"[a-z_]+", word):
        raise ValueError("only a word of the code may be written into a statement")
    return literal_column(f"'{word}'", Text)


def one_of(column: Column[Any], *words: str) -> ColumnElement[bool]:
    """The column holds one of these words of the code."""
    return or_(*(column == const(word) for word in words))


def shaped(table: Table, row: type) -> list[Column[Any]]:
    """The table's columns in the order of a row class's fields."""
    return [table.c[each.name] for each in fields(row)]
