"""Compiles an instrument's expressions and orders its items by dependence. Refuses cycles and unknown names."""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from surveys.instruments.model import Instrument, Item
from surveys.instruments.xpath.parse import Compiled, Compute, Scope, compile_expression
from surveys.instruments.xpath.tokens import NotXPath
from surveys.instruments.xpath.values import to_boolean


class BadExpression(ValueError):
    """An item's expression cannot be used; `item` and `column` say which, the message says why."""

    def __init__(self, item: str, column: str, why: str) -> None:
        super().__init__(f"{column} {why}")
        self.item = item


@dataclass(frozen=True, slots=True)
class Bound:
    """An item with its expressions ready; None where it has none."""

    item: Item
    relevant: Compute | None
    calculation: Compute | None
    constraint: Compute | None
    required: Compute | None
    choice_filter: Compute | None


def bind(instrument: Instrument) -> tuple[Bound, ...]:
    """Every item, each after those that its relevance and calculation read; BadExpression naming the first bad one."""
    lists = {
        name: [{"name": each.name, "label": next(iter(each.labels.values()), ""), **each.extra} for each in choices]
        for name, choices in instrument.lists.items()
    }
    offering = [(item.path, lists[item.choices]) for item in instrument.items if item.choices]
    labels = {path: {row["name"]: row["label"] for row in rows} for path, rows in offering}
    paths = frozenset(item.path for item in instrument.items)
    reads: dict[str, set[str]] = {}
    bound: dict[str, Bound] = {}
    for item in instrument.items:
        scope = Scope(item.path, paths, lists, labels)
        relevant = [*_groups(item, scope), *filter(None, [_ready(item, "relevant", scope)])]
        calculation = _ready(item, "calculation", scope)
        choice_filter = _ready(item, "choice_filter", Scope(item.path, paths, lists, labels, in_choice=True))
        read = [*relevant, *filter(None, [calculation, choice_filter])]
        reads[item.path] = {path for each in read for path in each.reads} - {item.path}
        bound[item.path] = Bound(
            item, _every([each.compute for each in relevant]), _compute(calculation),
            _compute(_ready(item, "constraint", scope)), _compute(_ready(item, "required", scope)),
            _compute(choice_filter),
        )  # fmt: skip
    return tuple(bound[path] for path in _ordered(instrument, reads))


def _groups(item: Item, scope: Scope) -> list[Compiled]:
    try:
        return [
            compile_expression(relevant, Scope(path, scope.paths | {path}, scope.lists, scope.labels))
            for path, relevant in item.groups
        ]
    except NotXPath as why:
        raise BadExpression(item.name, "relevant of its group", str(why)) from None


def _every(conditions: list[Compute]) -> Compute | None:
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return lambda moment: all(to_boolean(each(moment)) for each in conditions)


def _ready(item: Item, column: str, scope: Scope) -> Compiled | None:
    expression = getattr(item, column)
    if expression is None:
        return None
    try:
        return compile_expression(expression, scope)
    except NotXPath as why:
        raise BadExpression(item.name, column, str(why)) from None


def _compute(compiled: Compiled | None) -> Compute | None:
    return compiled.compute if compiled else None


def _ordered(instrument: Instrument, reads: Mapping[str, set[str]]) -> list[str]:
    sorter = TopologicalSorter({item.path: sorted(reads[item.path]) for item in instrument.items})
    try:
        return list(sorter.static_order())
    except CycleError as cycle:
        path = cycle.args[1][0]
        name = next(item.name for item in instrument.items if item.path == path)
        raise BadExpression(name, "relevant or calculation", "depends on itself in a circle") from None
