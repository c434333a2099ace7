"""What the service says, in each language that has a folder of messages. A message's key is its Serbian Cyrillic text.

An unknown or unfinished language falls back to Serbian, in Latin; nothing is ever translated by machine.
"""

import gettext
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from locales import po
from surveys.language.script import to_latin

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def mark(message: str) -> str:
    """Marks a constant for extraction; it is said later with `say`."""
    return message


# Dates are messages too: CLDR knows the Serbian months in the nominative only, and "do danas" has no pattern there.
_MONTHS = (
    mark("јануара"), mark("фебруара"), mark("марта"), mark("априла"), mark("маја"), mark("јуна"),
    mark("јула"), mark("августа"), mark("септембра"), mark("октобра"), mark("новембра"), mark("децембра"),
)  # fmt: skip
_DAY = mark("{day}. {month}")
_DAY_AND_YEAR = mark("{day}. {month} {year}.")


@dataclass(frozen=True, slots=True)
class _Language:
    """One catalogue, ready: `plural(n)` is the place of the form for n."""

    locale: Locale
    single: dict[str, str]
    several: dict[tuple[str, str], tuple[str, ...]]
    plural: Callable[[int], int]
    reviewed: str | None


class Catalogues:
    """The languages found in the given folders; a later folder's language stands in for an earlier one's."""

    def __init__(self, *folders: Path) -> None:
        self._folders = {code: folder for folder in (po.HERE, *folders) for code in po.languages(folder)}
        self._read: dict[str, _Language] = {}

    def languages(self) -> tuple[str, ...]:
        """Codes of all languages there are."""
        return tuple(sorted(self._folders))

    def add(self, folder: Path) -> None:
        """Take another folder's languages in."""
        self._folders |= dict.fromkeys(po.languages(folder), folder)
        self._read.clear()

    def drop(self, folder: Path) -> None:
        """Forget another folder's languages again."""
        self._folders = {code: own for code, own in self._folders.items() if own != folder}
        self._read.clear()

    def unknown(self, folder: Path) -> list[tuple[str, str]]:
        """(language, message) for what that folder translates and nobody ever says: misspelt, or dropped since."""
        known = self._keys()
        return [
            (language, " / ".join(po.sources(message)))
            for language in po.languages(folder)
            for message in po.messages(po.read(folder, language))
            if po.sources(message) not in known and any(po.forms(message))
        ]

    def _keys(self) -> frozenset[tuple[str, ...]]:
        return frozenset(po.sources(message) for message in po.messages(po.read(po.HERE, po.SOURCE)))

    def reviewed(self, language: str) -> str | None:
        """Who reviewed that language's catalogue and when; None where nobody has."""
        return self._language(language).reviewed if language in self._folders else None

    def say(self, language: str, message: str, /, **values: object) -> str:
        """The message in that language, its `{placeholders}` filled."""
        return _fill(self._text(language, message), values)

    def say_count(self, language: str, one: str, other: str, n: int, /, **values: object) -> str:
        """The form of the message that fits `n` in that language; `{n}` is filled with it."""
        known = self._language(language)
        texts = known.several.get((one, other))
        form = texts[known.plural(abs(n))] if texts else self._source_form(one, other, n)
        return _fill(form, {"n": n} | values)

    def date_long(self, language: str, day: date) -> str:
        """14. фебруара 2027. / 14. februara 2027. (the dot belongs to the year) / 14 February 2027."""
        return self._day(language, day, _DAY_AND_YEAR, "long")

    def month_text(self, language: str, year: int, month: int) -> str:
        """фебруара 2027. / februara 2027. / February 2027, as it stands after "from"."""
        return self.say(language, mark("{month} {year}."), month=self.say(language, _MONTHS[month - 1]), year=year)

    def window_text(self, language: str, start: date, end: date | None) -> str:
        """ "од 14. фебруара до данас", or to `end`; the years only where the two differ."""
        pattern = _DAY_AND_YEAR if end and end.year != start.year else _DAY
        first = self._day(language, start, pattern, "long")
        if end is None:
            return self.say(language, mark("од {start} до данас"), start=first)
        last = self._day(language, end, pattern, "long")
        return self.say(language, mark("од {start} до {end}"), start=first, end=last)

    def since_text(self, language: str, start: date) -> str:
        """ "од 14. 2." — where there is no room for a month's name."""
        return self.say(language, mark("од {day}. {month}."), day=start.day, month=start.month)

    def number_text(self, language: str, number: int | float | Decimal) -> str:
        """The number with that language's separators."""
        return format_decimal(number, locale=self._language(language).locale)

    def price_text(self, language: str, price: int | float | Decimal) -> str:
        """The number with two places, whatever they are: 13,50 / 13.50."""
        return format_decimal(price, format="#,##0.00", locale=self._language(language).locale)

    def _day(self, language: str, day: date, pattern: str, otherwise: str) -> str:
        month = _MONTHS[day.month - 1]
        known = self._language(language)
        if {pattern, month} <= known.single.keys():
            return self.say(language, pattern, day=day.day, month=known.single[month], year=day.year)
        return format_date(day, otherwise, locale=known.locale)

    def _text(self, language: str, message: str) -> str:
        text = self._language(language).single.get(message)
        return text or (message if language == po.SOURCE else _latin(message))

    def _source_form(self, one: str, other: str, n: int) -> str:
        return self._text(po.DERIVED, one if n == 1 else other)

    def _language(self, language: str) -> _Language:
        found = self._read.get(language)
        if found is None:
            code = language if language in self._folders else po.DERIVED
            found = self._read[language] = _load(self._folders[code], code)
        return found


def _load(folder: Path, language: str) -> _Language:
    catalog = po.read(folder, language)
    single: dict[str, str] = {}
    several: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in po.messages(catalog):
        texts = po.forms(message)
        if message.fuzzy or not all(texts):
            continue
        if message.pluralizable:
            one, other = po.sources(message)
            several[one, other] = texts
        else:
            single[str(message.id)] = texts[0]
    plural = gettext.c2py(catalog.plural_expr)
    return _Language(_locale(language, catalog.locale), single, several, plural, po.reviewed(folder, language))


def _locale(language: str, stated: Locale | None) -> Locale:
    """The catalogue's own `Language` header (en_GB), else its folder's code; one unknown to CLDR borrows ours."""
    if stated:
        return stated
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(po.DERIVED)


@cache
def _latin(message: str) -> str:
    return to_latin(message)


def _fill(text: str, values: dict[str, object]) -> str:
    if not values:
        return text
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


SHARED = Catalogues()
"""The languages of this process. `SHARED.add(folder)` at start takes in more."""

say = SHARED.say
say_count = SHARED.say_count
date_long = SHARED.date_long
month_text = SHARED.month_text
window_text = SHARED.window_text
since_text = SHARED.since_text
number_text = SHARED.number_text
price_text = SHARED.price_text
languages = SHARED.languages
reviewed = SHARED.reviewed
