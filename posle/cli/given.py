"""Reads what is handed in on standard input: one JSON object, of bounded size, each key once. It repeats no value."""

import json
import sys
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any, BinaryIO, NoReturn

from posle.cli.refusing import Refused

LARGEST = 1024 * 1024
_SHOWN = 40


def read_object(known: Collection[str] | None = None, stream: BinaryIO | None = None) -> dict[str, Any]:
    """The object on standard input (at most 1 MiB of UTF-8), else Refused. With `known`, other keys are refused."""
    raw = (stream or sys.stdin.buffer).read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Refused("standard input: is larger than 1 MiB; hand in one JSON object")
    given = parse_object(raw)
    if known is not None:
        refuse_unknown(given, known)
    return given


def parse_object(raw: bytes, place: str = "standard input") -> dict[str, Any]:
    """One JSON object out of bytes; Refused names `place` and, where there is one, the line."""
    if not raw.strip():
        raise Refused(f"{place}: is empty; hand in one JSON object")
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as problem:
        raise Refused(f"{place}: is no JSON from line {problem.lineno}, column {problem.colno} on") from None
    except UnicodeDecodeError:
        raise Refused(f"{place}: is not UTF-8") from None
    except (RecursionError, ValueError):  # a number of thousands of digits is a ValueError
        raise Refused(f"{place}: is nested too deeply or holds a number that is too long") from None
    if not isinstance(value, dict):
        raise Refused(f"{place}: must be one JSON object, in braces")
    return value


def refuse_unknown(given: Mapping[str, Any], known: Collection[str], place: str = "standard input") -> None:
    """Refused for the first key that is not known, with the nearest one that is."""
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise Refused(f"{place}: {cut(key)} is no key that is known; {hint}")


def cut(name: str) -> str:
    """A name that was handed in, short and harmless to print."""
    return repr(name[:_SHOWN])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"standard input: the key {cut(twice)} is there twice")
    return record


def _no_constant(_name: str) -> NoReturn:
    raise Refused("standard input: NaN and Infinity are no JSON numbers")
