"""The corpus: replies by side and item with the meaning they must have, and the items they answer."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from surveys.language.commands import Topic, command, doubtful
from surveys.language.danger import danger
from surveys.language.reply import Chosen, Option, understand
from surveys.language.script import to_latin

FOLDER = Path(__file__).parent / "corpus"
ASK_AGAIN = "?"


@dataclass(frozen=True)
class Asked:
    """One item as asked in one language."""

    options: tuple[Option, ...]
    counts: bool
    multiple: bool
    topic: Topic | None


@dataclass(frozen=True)
class Reply:
    """One line: `meaning` is option names, "?" (ask again), "command:…" or "danger:…"."""

    side: str
    item: str
    language: str
    text: str
    meaning: str


def replies() -> Iterator[Reply]:
    """Every line of every corpus file."""
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield Reply(row["side"], row["item"], row["language"], row["reply"], row["meaning"])


@cache
def asked(item: str, language: str) -> Asked:
    """That item with its labels in that language."""
    written = tomllib.loads((FOLDER / "items.toml").read_text(encoding="utf-8"))[item]
    rows = written["english"] if language == "en" else written["cyrillic"]
    options = tuple(
        Option(
            name,
            to_latin(label) if language == "sr_Latn" else label,
            *(limits[:1]),
            *(None if limit < 0 else limit for limit in limits[1:]),
        )
        for name, label, *limits in rows
    )
    return Asked(
        options,
        written.get("counts", False),
        written.get("multiple", False),
        Topic(written["topic"]) if "topic" in written else None,
    )


def meaning_of(reply: Reply) -> str:
    """What the service makes of a reply: a command, an answer, else what the words warn of. (An answer in the option's
    own words, such as "pretnja oružjem", warns as well.)
    """
    item = asked(reply.item, reply.language)
    ordered = command(reply.text, reply.language, item.topic)
    if ordered:
        return f"command:{ordered}"
    if doubtful(reply.text, reply.language, item.topic):
        return ASK_AGAIN
    meant = understand(reply.text, item.options, counts=item.counts, multiple=item.multiple, language=reply.language)
    if isinstance(meant, Chosen):
        return " ".join(meant.names)
    alarm = danger(reply.text)
    return f"danger:{alarm}" if alarm else ASK_AGAIN
