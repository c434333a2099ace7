"""Compiles a Core statement once per dialect and runs it straight on the driver's own cursor.

SQLAlchemy's execution layer costs about 0.1 ms of CPU a statement, most of an exchange's whole budget; compiled text
and
type processors are all that is taken from it. It must never build SQL from values.
"""

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

Processor = Callable[[Any], Any] | None
Row = tuple[Any, ...]


class UntypedParameter(TypeError):
    """A parameter stands where SQLAlchemy cannot know its type; say it, or an instant would be written as text."""


class Prepared(NamedTuple):
    """Statement text, its parameters in order, and what each column passes through. A parameter is its name, its fixed
    value as the driver takes it, or `...` where it is given each time, and what a given one passes through."""

    sql: str
    binds: tuple[tuple[str, Any, Processor], ...]
    results: tuple[tuple[int, Callable[[Any], Any]], ...]
    positional: bool

    def values(self, given: Mapping[str, Any]) -> Any:
        """The driver's parameters: a tuple or, where the driver names them, a dict. KeyError where one is missing."""
        filled = [
            fixed if fixed is not ... else process(given[name]) if process else given[name]
            for name, fixed, process in self.binds
        ]
        if self.positional:
            return filled
        return dict(zip((name for name, _, _ in self.binds), filled, strict=True))

    def read(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The driver's rows with every column in its own type."""
        if not self.results:
            return rows
        return [self._read(row) for row in rows]

    def _read(self, row: Row) -> Row:
        cells = list(row)
        for place, process in self.results:
            cells[place] = process(cells[place])
        return tuple(cells)


class Statements:
    """The compiled statements of one dialect. A statement is kept as long as its module keeps it."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._prepared: WeakKeyDictionary[Executable, Prepared] = WeakKeyDictionary()

    def prepare(self, statement: Executable) -> Prepared:
        """The compiled statement, from memory where it was compiled before."""
        found = self._prepared.get(statement)
        if found is None:
            found = self._prepared[statement] = self._compile(statement)
        return found

    def _compile(self, statement: Executable) -> Prepared:
        compiled = statement.compile(dialect=self.dialect)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        assert not compiled.post_compile_params, "write lists as or_(), they cannot be compiled once"
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        return Prepared(
            compiled.string,
            tuple(self._bind(compiled, name) for name in names or ()),
            self._results(statement),
            bool(compiled.positional),
        )

    def _bind(self, compiled: SQLCompiler, name: str) -> tuple[str, Any, Processor]:
        bind = compiled.binds[name]
        plain = isinstance(bind.type, NullType)
        process = _plain if plain else _concrete(bind.type, self.dialect).bind_processor(self.dialect)
        if bind.required or bind.value is None:
            return name, ..., process
        return name, process(bind.effective_value) if process else bind.effective_value, process

    def _results(self, statement: Executable) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
        columns = getattr(statement, "exported_columns", ())
        processors = (_concrete(column.type, self.dialect).result_processor(self.dialect, None) for column in columns)
        return tuple((place, process) for place, process in enumerate(processors) if process)


def _plain(value: Any) -> Any:
    if type(value) not in (int, str, bytes, NoneType):
        raise UntypedParameter
    return value


def _concrete(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind if isinstance(kind, TypeDecorator) else kind.dialect_impl(dialect)
