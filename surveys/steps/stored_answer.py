"""How an answer is kept inside its seal: its value, or the code of why there is none. The two are never mixed up."""

import json

from surveys.rules.vocabulary import Missing

_VALUE, _MISSING = "v", "m"
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: str | None, missing: Missing | None) -> str:
    """The text to seal; ValueError unless exactly one of the two is given."""
    if (value is None) == (missing is None):
        raise ValueError("an answer is either a value or a missing code")
    record = {_VALUE: value} if missing is None else {_MISSING: missing.value}
    return _COMPACT(record)


def decode(text: str) -> tuple[str | None, Missing | None]:
    """What `encode` wrote."""
    record = json.loads(text)
    return (record[_VALUE], None) if _VALUE in record else (None, Missing(record[_MISSING]))
