"""What ships, compiled ahead (`make messages`), so that no start waits for the library that reads spreadsheets.

It counts for exactly the source that it was made of: any other file is compiled here and now, and refused as ever.
"""

import hashlib
import json
from pathlib import Path

from surveys.instruments.compile import compile_source, read_form
from surveys.instruments.model import Instrument
from surveys.instruments.stored import of_record

SHIPPED = Path(__file__).parent
READY = SHIPPED / "compiled"


def instrument_of(path: Path) -> Instrument:
    """The instrument in this file; FormRefused as `compile_form` says it."""
    source, ready = read_form(path), place(path)
    if ready is not None and ready.is_file():
        record = json.loads(ready.read_text(encoding="utf-8"))
        if record["source"] == digest(source):
            return of_record(record["instrument"])
    return compile_source(path.name, source)


def place(source: Path) -> Path | None:
    """Where a shipped form's compiled one is; None for a file that does not ship."""
    if not source.is_relative_to(SHIPPED):
        return None
    return READY / f"{'.'.join(source.relative_to(SHIPPED).with_suffix('').parts)}.json"


def digest(source: bytes) -> str:
    """By what a compiled form knows its source."""
    return hashlib.sha256(source).hexdigest()
