"""Compiles an expression for one node of a form to a function of the moment's values. What it does not know it refuses.

Paths are resolved while compiling, so a form that names a node that is not there is refused before anybody is asked.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from surveys.instruments.xpath.functions import FUNCTIONS, Arity
from surveys.instruments.xpath.tokens import NotXPath, Token, cut
from surveys.instruments.xpath.values import Nodes, Value, equal, to_boolean, to_number, to_string, unequal

DEEPEST = 40


@dataclass(slots=True)
class Moment:
    """What an expression may look at: node values by path, the moment, and the choice looked at in a filter."""

    values: Mapping[str, str]
    now: datetime
    choice: Mapping[str, str] = field(default_factory=dict)


Compute = Callable[[Moment], Value]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the node's own path, every path there is, and the choice lists by name."""

    here: str
    paths: frozenset[str]
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Path of a select → its choices' labels by name, for jr:choice-name."""
    in_choice: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A ready expression and the paths that it reads."""

    compute: Compute
    reads: frozenset[str]


def compile_expression(expression: str, scope: Scope) -> Compiled:
    """The compiled expression; NotXPath where grammar, function, argument count or path is not known."""
    parser = _Parser(cut(expression), scope)
    compute = parser.either()
    parser.expect("end", "")
    return Compiled(compute, frozenset(parser.reads))


class _Parser:
    def __init__(self, tokens: list[Token], scope: Scope) -> None:
        self.tokens, self.place, self.scope, self.depth = tokens, 0, scope, 0
        self.reads: set[str] = set()

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.next
        self.place += 1
        return token

    def at(self, *texts: str, kind: str = "op") -> bool:
        return self.next.kind == kind and self.next.text in texts

    def expect(self, kind: str, text: str) -> None:
        if self.next.kind != kind or (text and self.next.text != text):
            raise NotXPath(f"has {self.next.text or 'its end'!r} where {text or kind!r} should be")
        self.place += 1

    def either(self) -> Compute:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotXPath("is nested too deeply")
        left = self.both()
        while self.at("or", kind="name"):
            self.take()
            left = _or(left, self.both())
        self.depth -= 1
        return left

    def both(self) -> Compute:
        left = self.equality()
        while self.at("and", kind="name"):
            self.take()
            left = _and(left, self.equality())
        return left

    def equality(self) -> Compute:
        left = self.relation()
        while self.at("=", "!="):
            compare = equal if self.take().text == "=" else unequal
            left = _pair(compare, left, self.relation())
        return left

    def relation(self) -> Compute:
        left = self.sum()
        while self.at("<", "<=", ">", ">="):
            left = _numbers(_COMPARE[self.take().text], left, self.sum())
        return left

    def sum(self) -> Compute:
        left = self.product()
        while self.at("+", "-"):
            left = _numbers(_CALCULATE[self.take().text], left, self.product())
        return left

    def product(self) -> Compute:
        left = self.signed()
        while self.at("*") or self.at("div", "mod", kind="name"):
            left = _numbers(_CALCULATE[self.take().text], left, self.signed())
        return left

    def signed(self) -> Compute:
        if not self.at("-"):
            return self.union()
        minus = 0
        while self.at("-"):
            self.take()
            minus += 1
        value, sign = self.union(), -1.0 if minus % 2 else 1.0
        return lambda moment: sign * to_number(value(moment))

    def union(self) -> Compute:
        left = self.primary()
        if self.at("|"):
            raise NotXPath("uses |, which is not supported")
        return left

    def primary(self) -> Compute:
        token = self.next
        if token.kind == "number":
            number = float(self.take().text)
            return lambda _: number
        if token.kind == "text":
            text = self.take().text[1:-1]
            return lambda _: text
        if self.at("("):
            self.take()
            inner = self.either()
            self.expect("op", ")")
            return inner
        if token.kind == "name" and self.tokens[self.place + 1].text == "(":
            return self.call()
        return self.path()

    def call(self) -> Compute:
        name = self.take().text
        if name == "instance":
            return self.lookup()
        if name == "current":
            self.expect("op", "(")
            self.expect("op", ")")
            return self.path(from_here=True) if self.at("/") else self.node(self.scope.here)
        arguments = self.arguments()
        if name == "jr:choice-name":
            return self.choice_name(arguments)
        known = FUNCTIONS.get(name)
        if known is None:
            raise NotXPath(f"uses {name}(), which is not supported")
        function, arity = known
        _check_arity(name, arity, len(arguments))
        if name == "once":
            own = self.node(self.scope.here)
            arguments = [own, *arguments]
        return _applied(function, arguments)

    def arguments(self) -> list[Compute]:
        self.expect("op", "(")
        found: list[Compute] = []
        while not self.at(")"):
            if found:
                self.expect("op", ",")
            found.append(self.either())
        self.take()
        return found

    def choice_name(self, arguments: list[Compute]) -> Compute:
        if len(arguments) != 2:
            raise NotXPath("jr:choice-name() takes a value and the path of a question")
        value, path = arguments
        empty = Moment({}, datetime.min)  # noqa: DTZ901 - never looked at: the path is a literal
        named = to_string(path(empty)).strip()
        if named not in self.scope.labels:
            raise NotXPath("jr:choice-name() names no question with choices; write its path in quotes")
        labels = self.scope.labels[named]
        return lambda moment: labels.get(to_string(value(moment)), "")

    def lookup(self) -> Compute:
        """`instance('list')/root/item[predicate]/field`: the field of every choice that fits."""
        self.expect("op", "(")
        name = self.take().text[1:-1]
        self.expect("op", ")")
        if name not in self.scope.lists:
            raise NotXPath("names a list that is not on the choices sheet")
        for step in ("root", "item"):
            self.expect("op", "/")
            self.expect("name", step)
        keep = self.predicate() if self.at("[") else None
        self.expect("op", "/")
        field_name = self.take().text
        rows = self.scope.lists[name]
        return lambda moment: _looked_up(rows, field_name, keep, moment)

    def predicate(self) -> Compute:
        self.take()
        outer, self.scope = (
            self.scope,
            Scope(self.scope.here, self.scope.paths, self.scope.lists, self.scope.labels, in_choice=True),
        )
        inner = self.either()
        self.scope = outer
        self.expect("op", "]")
        return inner

    def path(self, *, from_here: bool = False) -> Compute:
        if self.scope.in_choice and not from_here and self.next.kind == "name":
            column = self.take().text
            return lambda moment: (moment.choice.get(column, ""),)
        steps = [] if self.at("/") and not from_here else self.scope.here.strip("/").split("/")
        if not from_here and steps:
            self.step(steps)
        while self.at("/"):
            self.take()
            self.step(steps)
        return self.node("/" + "/".join(steps))

    def step(self, steps: list[str]) -> None:
        token = self.take()
        if token.text == "..":
            if not steps:
                raise NotXPath("goes above the form")
            steps.pop()
        elif token.kind == "name":
            steps.append(token.text)
        elif token.text != ".":
            raise NotXPath(f"has {token.text or 'its end'!r} where a question's name should be")

    def node(self, path: str) -> Compute:
        if path not in self.scope.paths:
            raise NotXPath("names a question that is not there")
        self.reads.add(path)
        return lambda moment: (moment.values.get(path, ""),)


def _looked_up(rows: Sequence[Mapping[str, str]], column: str, keep: Compute | None, moment: Moment) -> Nodes:
    kept = (row for row in rows if keep is None or to_boolean(keep(Moment(moment.values, moment.now, row))))
    return tuple(row.get(column, "") for row in kept)


def _check_arity(name: str, arity: Arity, given: int) -> None:
    least, most = arity
    if given < least or (most is not None and given > most):
        raise NotXPath(f"gives {name}() {given} arguments")


def _applied(function: Callable[..., Value], arguments: list[Compute]) -> Compute:
    if not arguments:
        return function
    if getattr(function, "lazy", False):
        return lambda moment: function(moment, *((lambda each=each: each(moment)) for each in arguments))
    return lambda moment: function(moment, *(each(moment) for each in arguments))


def _or(left: Compute, right: Compute) -> Compute:
    return lambda moment: to_boolean(left(moment)) or to_boolean(right(moment))


def _and(left: Compute, right: Compute) -> Compute:
    return lambda moment: to_boolean(left(moment)) and to_boolean(right(moment))


def _pair(compare: Callable[[Value, Value], bool], left: Compute, right: Compute) -> Compute:
    return lambda moment: compare(left(moment), right(moment))


def _numbers(work: Callable[[float, float], Value], left: Compute, right: Compute) -> Compute:
    return lambda moment: work(to_number(left(moment)), to_number(right(moment)))


def _divide(one: float, other: float) -> float:
    if other:
        return one / other
    return math.nan if not one or math.isnan(one) else math.copysign(math.inf, one)


def _modulo(one: float, other: float) -> float:
    return math.fmod(one, other) if other and math.isfinite(one) else math.nan


_COMPARE: Mapping[str, Callable[[float, float], Value]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
_CALCULATE: Mapping[str, Callable[[float, float], Value]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "div": _divide,
    "mod": _modulo,
}
