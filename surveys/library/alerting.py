"""How an alert reaches a person: how long each has to take it, and the words that leave. They never say what it is
about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from surveys.library.reading import LibraryRefused, Table, Words, read_table
from surveys.library.wording import in_words
from surveys.rules.vocabulary import SHIPPED_LANGUAGES, Urgency

_LEAST_REPEAT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alerting:
    """`within` is how long whoever was told has before the next one is; `repeat` how often the top is told again."""

    within: Mapping[Urgency, timedelta]
    repeat: timedelta
    subject: Words
    body: Words
    urgencies: Mapping[str, Words]

    def mail(self, alert: str, urgency: Urgency, drill: bool) -> str:
        """Subject, an empty line, and the body in each language: the alert's opaque id and its urgency alone."""
        said = [self._said(self.subject, language, alert, urgency, drill) for language in SHIPPED_LANGUAGES]
        bodies = [self._said(self.body, language, alert, urgency, drill) for language in SHIPPED_LANGUAGES]
        pairs = "\n\n".join(f"{head}\n{body}" for head, body in zip(said, bodies, strict=True))
        return f"{said[1]}\n\n{pairs}\n"

    def short(self, alert: str, urgency: Urgency, drill: bool) -> str:
        """The same in one line that fits one SMS segment, for a telephone."""
        return self._said(self.subject, "sr_Latn", alert, urgency, drill)

    def _said(self, words: Words, language: str, alert: str, urgency: Urgency, drill: bool) -> str:
        said = [self.urgencies[urgency], *([self.urgencies["drill"]] if drill else [])]
        return in_words(words, language, "alerts").format(
            alert=alert, urgency=", ".join(in_words(each, language, "alerts") for each in said)
        )


def read_alerting(path: Path) -> Alerting:
    """What `alerts.toml` says; LibraryRefused on anything missing, malformed or unknown."""
    table = read_table(path)
    minutes = Table(path.name, "minutes", table.take("minutes", dict, "a table"))
    within = {each: timedelta(minutes=minutes.whole(each)) for each in (Urgency.URGENT, Urgency.ALERT)}
    minutes.done()
    repeat = timedelta(hours=table.whole("repeat_hours"))
    words = {name: each.rest() for name, each in table.named("text").items()}
    table.done()
    if min(within.values()) <= timedelta(0):
        raise LibraryRefused(path.name, "minutes", "must be more than 0")
    if repeat < _LEAST_REPEAT:
        raise LibraryRefused(path.name, "repeat_hours", "must be 24 or more")
    for name in ("subject", "body", *within, "drill"):
        if name not in words:
            raise LibraryRefused(path.name, f"text.{name}", "is missing")
    return Alerting(within, repeat, words.pop("subject"), words.pop("body"), words)
