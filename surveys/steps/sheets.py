"""Writes a folder of files whole or not at all, readable by its owner alone. It never writes over anything.

Text that a spreadsheet would run as a formula is defused; numbers stay numbers.
"""

import csv
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from surveys.records.durably import sync_folder

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


class FolderRefused(Exception):
    """The folder cannot take the files; the message says why. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: its headings and rows."""

    headings: Sequence[str]
    rows: Iterable[Sequence[str | int | None]]


def refuse_folder(out: Path) -> None:
    """FolderRefused unless `out` is free, or an empty folder, inside a folder that is there."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise FolderRefused("--out: is no folder; name one that is not there yet")
    if out.is_dir() and any(out.iterdir()):
        raise FolderRefused("--out: the folder is not empty; name another, nothing is written over")
    if not out.parent.is_dir():
        raise FolderRefused("--out: the folder above it is not there; make it first")


class Folder:
    """Files in the making, beside their place. Leave it without `publish`, and nothing of it stays."""

    def __init__(self, out: Path) -> None:
        self._out = out.absolute()
        self._draft: Path | None = None

    def __enter__(self) -> "Folder":
        refuse_folder(self._out)
        self._draft = Path(tempfile.mkdtemp(prefix=f".{self._out.name}-", dir=self._out.parent))
        return self

    def __exit__(self, *_: object) -> None:
        if self._draft is not None:
            shutil.rmtree(self._draft, ignore_errors=True)

    def write(self, sheets: Mapping[str, Sheet]) -> None:
        """Write every file (0600) and wait until it is on the disk."""
        assert self._draft is not None
        for name, sheet in sheets.items():
            _write(self._draft / name, sheet)
        sync_folder(self._draft)

    def write_text(self, name: str, text: str) -> None:
        """Write one file of plain text (0600) and wait until it is on the disk."""
        assert self._draft is not None
        with _new(self._draft / name) as file:
            file.write(text)
        sync_folder(self._draft)

    def make(self, name: str, write: Callable[[Path], object]) -> None:
        """Let `write` make one file, then close it to others and wait until it is on the disk."""
        assert self._draft is not None
        path = self._draft / name
        write(path)
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        sync_folder(self._draft)

    def digests(self) -> dict[str, str]:
        """SHA-256 (hex) of every file so far, by name."""
        assert self._draft is not None
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(self._draft.iterdir())}

    def publish(self) -> None:
        """Put the folder in its place in one step; FolderRefused where somebody else filled it meanwhile."""
        assert self._draft is not None
        try:
            self._draft.rename(self._out)
        except OSError:
            raise FolderRefused("--out: something else was put there meanwhile; name another folder") from None
        self._draft = None
        sync_folder(self._out.parent)


def _write(path: Path, sheet: Sheet) -> None:
    with _new(path) as file:
        writer = csv.writer(file)
        writer.writerow(sheet.headings)
        writer.writerows([defused(cell) for cell in row] for row in sheet.rows)


@contextmanager
def _new(path: Path) -> Iterator[TextIO]:
    """A file of the owner's alone; on the disk once it is left."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def defused(cell: str | int | None) -> str:
    """The cell's text, with an apostrophe before what a spreadsheet would take for a formula."""
    text = ("" if cell is None else str(cell)).replace("\0", "")
    return "'" + text if _is_formula(text) else text


def undefused(text: str) -> str:
    """What `defused` made the text from: only its own apostrophe is taken away."""
    return text[1:] if text[:1] == "'" and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    return text.lstrip(" '").startswith(_FORMULA) and not _NUMBER.fullmatch(text)
