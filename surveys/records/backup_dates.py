"""The last day of a backup, written in its own head: until then it may be kept and restored, afterwards it is deleted.

A copy keeps whom the side erased since it was made. It must never name a file that is no backup of the same side:
what it names may be deleted.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

_HEAD = b"SQLite format 3\x00"


def mark(path: Path, until: date) -> None:
    """Write the last day into this backup."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute(f"PRAGMA user_version = {until:%Y%m%d}")
        connection.commit()


def unmark(path: Path) -> None:
    """It is a backup no more, but a database."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.commit()


def last_day(path: Path) -> date | None:
    """The last day of this backup; None where it has none, or is no backup."""
    found = _asked(path, "PRAGMA user_version")
    try:
        return date.fromisoformat(str(found)) if found else None
    except ValueError:
        return None


def overdue(beside: Path, today: date) -> Iterator[Path]:
    """Backups of the same side in the folder of this one that should be there no more."""
    own = _asked(beside, "SELECT installation FROM stamp")
    for path in sorted(beside.parent.iterdir()):
        if path == beside or not path.is_file() or path.is_symlink() or not _is_database(path):
            continue
        until = last_day(path)
        if until is not None and until < today and own and _asked(path, "SELECT installation FROM stamp") == own:
            yield path


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


def _asked(path: Path, question: str) -> object:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
            row = connection.execute(question).fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row else None
