"""Looks for planted values in files, in every encoding in which they could stand there."""

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote

from surveys.language.script import fold


@cache
def readings(value: str) -> frozenset[bytes]:
    """The value as it could stand in a file."""
    said = {value, fold(value), value.lower(), value.upper(), quote(value), value.encode("unicode_escape").decode()}
    raw = {each.encode(code) for each in said for code in ("utf-8", "utf-16-le", "utf-16-be")}
    encoded = {base64.b64encode(b"\0" * shift + each)[4 if shift else 0 : -4] for each in raw for shift in range(3)}
    return frozenset(raw | {each.hex().encode() for each in raw} | {each for each in encoded if len(each) >= 8})


def named(raw: bytes, values: Mapping[str, str]) -> list[str]:
    """Which of them stand in these bytes."""
    return [name for name, value in values.items() if any(reading in raw for reading in readings(value))]


def found(root: Path, values: Mapping[str, str]) -> list[str]:
    """Which of them are in clear in which file, settings apart."""
    files = [each for each in root.rglob("*") if each.is_file() and each.name != "posle.toml"]
    return [f"{name} in {file.name}" for file in files for name in named(file.read_bytes(), values)]
