"""What the console says: gettext messages, and the codes of the core in words, in the reader's own language."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from staff.codes import CODES, CONSTRUCTS, SUSPENDED_BY
from surveys.language.catalogue import date_long, number_text, price_text, say, say_count
from surveys.language.script import to_latin

LANG = {"sr_Cyrl": "sr-Cyrl", "sr_Latn": "sr-Latn", "en": "en"}
"""HTML's `lang`, which also chooses the Serbian forms of Cyrillic letters."""


@dataclass(frozen=True, slots=True)
class Words:
    """One reader's language and zone."""

    language: str
    zone: ZoneInfo

    @property
    def lang(self) -> str:
        """HTML's language tag."""
        return self.tag(self.language)

    @staticmethod
    def tag(language: str) -> str:
        """HTML's tag of any language."""
        return LANG.get(language, language.replace("_", "-"))

    def say_(self, message: str, /, **values: object) -> str:
        """The message in the reader's language."""
        return say(self.language, message, **values)

    def count(self, one: str, other: str, n: int) -> str:
        """The form of the message that fits the number."""
        return say_count(self.language, one, other, n)

    def code(self, code: object) -> str:
        """A code in words; one that has none is shown with its underlines taken out."""
        text = str(code) if code is not None else ""
        if text not in CODES and text.startswith(SUSPENDED_BY):
            text = "contact_suspended"
        return self.say_(CODES[text]) if text in CODES else text.replace("_", " ")

    def construct(self, name: str) -> str:
        """What a group of items is about; an author's own name where it is none of the shipped ones."""
        return self.say_(CONSTRUCTS[name]) if name in CONSTRUCTS else name.replace("_", " ")

    def to_script(self, cyrillic: str) -> str:
        """Cyrillic words in the reader's own letters; what is not Serbian stays."""
        return to_latin(cyrillic) if self.language == "sr_Latn" else cyrillic

    def number(self, number: float) -> str:
        """With the language's separators."""
        return number_text(self.language, number)

    def price(self, price: float) -> str:
        """With the language's separators and two places."""
        return price_text(self.language, price)

    def day(self, when: date | datetime) -> str:
        """The local date, written out."""
        return date_long(self.language, when.astimezone(self.zone).date() if isinstance(when, datetime) else when)

    def moment(self, when: datetime) -> str:
        """The local date and time."""
        local = when.astimezone(self.zone)
        return f"{date_long(self.language, local.date())} {local:%H:%M}"

    def clock(self, when: datetime) -> str:
        """The local time alone."""
        return f"{when.astimezone(self.zone):%H:%M}"

    def helpers(self) -> dict[str, object]:
        """What templates call."""
        return {
            "_": self.say_, "code": self.code, "construct": self.construct,
            "day": self.day, "moment": self.moment, "clock": self.clock,
            "number": self.number, "price_text": self.price, "lang": self.lang, "tag": self.tag,
            "language": self.language, "count": partial(self.count),
        }  # fmt: skip
