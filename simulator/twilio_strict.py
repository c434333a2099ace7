"""Holds every call to the Messages resource against the derived description: what is not described is refused."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

Json = dict[str, Any]
SPEC: Final[Json] = json.loads(Path(__file__).with_name("twilio-spec.json").read_text())
NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}\Z")
LONGEST_BODY: Final = 1600
LONGEST_VALID: Final = 36_000


class Wrong(Exception):
    """The call is refused with this HTTP status and the provider's own number."""

    def __init__(self, status: int, code: int, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words


def checked(operation: str, given: Mapping[str, str]) -> Json:
    """The parameters, with their types. Raises Wrong at the first that is not right."""
    described = SPEC[operation]
    for name in described["required"]:
        if not given.get(name):
            raise Wrong(400, 21604 if name == "To" else 20001, f"parameter {name} is required")
    return {name: _native(name, described["fields"].get(name), value) for name, value in given.items()}


def _native(name: str, field: Json | None, value: str) -> Any:
    if field is None:
        raise Wrong(400, 20001, "a parameter is not described")
    if "enum" in field and value not in field["enum"]:
        raise Wrong(400, 20001, f"{name} is none of its values")
    if "pattern" in field and not re.fullmatch(field["pattern"].strip("^$"), value):
        raise Wrong(400, 20001, f"{name} has the wrong form")
    if field.get("type") == "integer":
        return _whole(name, field, value)
    if field.get("type") == "boolean" and value not in ("true", "false"):
        raise Wrong(400, 20001, f"{name} is no boolean")
    return value


def _whole(name: str, field: Json, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise Wrong(400, 20001, f"{name} is no number")
    number = int(value)
    if not field.get("minimum", 0) <= number <= field.get("maximum", number):
        raise Wrong(400, 20001, f"{name} is out of bounds")
    return number


def check_create(told: Json) -> None:
    """What the description says in words only. Raises Wrong."""
    if not NUMBER.match(told["To"]):
        raise Wrong(400, 21211, "the number is not valid")
    if not told.get("Body"):
        raise Wrong(400, 21602, "a body is required")
    if len(told["Body"]) > LONGEST_BODY:
        raise Wrong(400, 21617, "the body is too long")
    if not (told.get("From") or told.get("MessagingServiceSid")):
        raise Wrong(400, 21603, "a sender is required")
    if not 1 <= told.get("ValidityPeriod", LONGEST_VALID) <= LONGEST_VALID:
        raise Wrong(400, 21623, "the validity is out of bounds")
    callback = told.get("StatusCallback")
    if callback is not None and urlsplit(callback).scheme not in ("http", "https"):
        raise Wrong(400, 21609, "the callback is no address")
