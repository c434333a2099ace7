"""Understands a typed reply to a closed item, a number or a date. In doubt it is unclear, never guessed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from surveys.language.dates import date_of
from surveys.language.letters import letter, place
from surveys.language.numbers import after_choosing, count_of, decimal_of, in_digits, plain, position_of, range_of
from surveys.language.offered import (
    Offered,
    Option,
    comparable,
    excluding,
    literal,
    offered,
    run_together,
    slipped,
    starting,
    stated,
    without_politeness,
    words,
)
from surveys.language.script import fold, to_latin

__all__ = ["Chosen", "Option", "Reason", "Unclear", "letter", "understand", "understand_date", "understand_number"]

LONGEST = 500
"""Characters read of a reply; a longer one is unclear."""
_DOUBT = re.compile("[?¿؟❌🚫👎🤷⛔✖❎🤔🙅❓❔\u0335-\u0338]")
_MARKED = re.compile(r"^\s*\(?(\w{1,2})\s?(?:[.):,]|\s[-–—])\s*(\S.*)$", re.DOTALL)
_CUT_OFF = re.compile(r"\b(?:ne|no|not|nije|nisam)\s*[^\w\s]+\s*\w")
_LONG_RUN = re.compile(r"(\w)\1{2,}")
_CYRILLIC_TIMES = re.compile(r"(?<=[0-9])\s?[\u0445\u0425](?!\w)")
_WORD = re.compile(r"\w+")
_COMMAS = re.compile(r"[,;+&\n/]|\.\s")
_TRIMMED = " \t\r\n.!,;:\"'„“”()[]"


class Reason(StrEnum):
    """Why a reply is asked again."""

    NOTHING = "nothing"
    TOO_LONG = "too_long"
    QUESTION = "question"
    SEVERAL = "several"
    NEGATION = "negation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options meant, by name, in the order typed. Exactly one unless several were allowed."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Ask again with the choices."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is compared with a reply: the options, their comparable forms, and how this item is marked."""

    options: tuple[Option, ...]
    form: Offered
    counts: bool
    language: str | None


def understand(
    text: str,
    options: Sequence[Option],
    *,
    counts: bool = False,
    multiple: bool = False,
    language: str | None = None,
    grave: bool = False,
) -> Chosen | Unclear:
    """The option (options, where `multiple`) that the whole reply names, or why it is unclear.

    With `counts`, options are lettered and a number is how many times; else options are numbered from 1.
    With `grave`, a polite "no, thanks" may decline to speak of it, and is unclear.
    """
    doubt = _doubt(text)
    if doubt:
        return Unclear(doubt)
    asked = _Asked(tuple(options), offered(tuple(options)), counts, language)
    if _only_looks_like_one(text, asked, grave=grave):
        return Unclear(Reason.UNKNOWN)
    found = _meant(text, asked)
    if len(found) == 1:
        return Chosen((options[found.pop()].name,))
    if multiple and not found:
        several = _several(text, asked)
        if several:
            return Chosen(tuple(options[each].name for each in several))
    return Unclear(Reason.SEVERAL if found else _reason(text))


def understand_number(text: str) -> Decimal | Unclear:
    """The one number that the whole reply is."""
    doubt = _doubt(text)
    if doubt:
        return Unclear(doubt)
    number = decimal_of(_trimmed(text))
    return Unclear(_reason(text)) if number is None else number


def understand_date(text: str, today: date) -> date | Unclear:
    """The one day that the whole reply names. Without a year it is this year's, unclear where yet to come."""
    doubt = _doubt(text)
    if doubt:
        return Unclear(doubt)
    day = date_of(_trimmed(text), today)
    return Unclear(_reason(text)) if day is None else day


def _only_looks_like_one(text: str, asked: _Asked, *, grave: bool) -> bool:
    """Whether it is a greeting ("hvala, isto"), or declines to speak of something grave ("ne, hvala")."""
    typed, form = comparable(text), asked.form
    declines = grave and typed in words().declined
    return typed in words().never or (declines and typed not in form.labels)


def _doubt(text: str) -> Reason | None:
    """What rules a reply out before its words are read."""
    if len(text) > LONGEST:
        return Reason.TOO_LONG
    if not text or text.isspace():
        return Reason.NOTHING
    if _DOUBT.search(unicodedata.normalize("NFKC", text)):
        return Reason.QUESTION
    return None


def _trimmed(text: str) -> str:
    """NFKC without quotes, end signs and emoji around."""
    shown = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in _UNSEEN)
    return shown.strip(_TRIMMED)


_UNSEEN = frozenset({"So", "Sk", "Cf", "Mn", "Me", "Cn", "Co"})


def _reason(text: str) -> Reason:
    typed = set(comparable(text).split())
    return Reason.NEGATION if typed & words().negation else Reason.UNKNOWN


def _meant(text: str, asked: _Asked) -> set[int]:
    """Places of the options that the whole text can mean: none, one, or (in doubt) several."""
    same = literal(text)
    exact = {i for i, label in enumerate(asked.form.literals) if label == same}
    if len(exact) == 1 and not same.isdigit():
        return exact
    typed = comparable(text)
    bare = without_politeness(typed)
    for form in dict.fromkeys((typed, bare, bare if asked.counts or asked.form.yes is not None else stated(bare))):
        found = _named(text, form, asked) | (exact if form == typed else set())
        if found:
            return found
    return _marked(text, asked) or (set() if _cut_off(text) else _begun(bare, asked))


def _begun(bare: str, asked: _Asked) -> set[int]:
    if not bare:
        return set()
    form = asked.form
    none = set(excluding(option.label for option in asked.options)) if bare in words().none else set()
    return none or run_together(form, bare) or starting(form, bare) or slipped(form, bare) or _in_digits(bare, asked)


def _in_digits(bare: str, asked: _Asked) -> set[int]:
    """ "Više od pet" for "više od 5 puta"."""
    digits = in_digits(bare) if asked.counts else bare
    return starting(asked.form, digits) if digits != bare else set()


def _named(text: str, typed: str, asked: _Asked) -> set[int]:
    """Options named in full: by label, yes or no, number, count or letter."""
    if not typed:
        return set()
    form = asked.form
    found = {i for i, (label, head) in enumerate(zip(form.labels, form.heads, strict=True)) if typed in (label, head)}
    cut_off = _cut_off(text)
    if cut_off:
        found = {i for i in found if _cut_off(asked.options[i].label)}
    phrase = cut_off and form.consent and " " in typed
    return found | (set() if phrase else _yes_or_no(typed, form)) | _numbered(text, typed, asked)


def _cut_off(text: str) -> bool:
    """Whether a "no" stands apart from what follows: "ne, pristajem" is not "ne pristajem"."""
    return _CUT_OFF.search(to_latin(_seen(text)).casefold()) is not None


def _seen(text: str) -> str:
    """Without zero-width and other unseen signs, which some keyboards leave behind."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _yes_or_no(typed: str, form: Offered) -> set[int]:
    if form.yes is None or form.no is None:
        return set()
    known, typed = words(), _LONG_RUN.sub(r"\1", typed)
    if typed in known.yes or (form.consent and typed in known.agree):
        return {form.yes}
    if typed in known.no or (form.consent and typed in known.disagree):
        return {form.no}
    return set()


def _numbered(text: str, typed: str, asked: _Asked) -> set[int]:
    if not plain(text):
        return set()
    if asked.counts:
        return _counted(text, typed, asked)
    position = position_of(typed)
    return {position - 1} if position is not None and 0 < position <= len(asked.options) else set()


def _counted(text: str, typed: str, asked: _Asked) -> set[int]:
    count = count_of(comparable(_CYRILLIC_TIMES.sub("x", text)) if _CYRILLIC_TIMES.search(text) else typed)
    if count is not None:
        return {i for i, option in enumerate(asked.options) if option.holds(count)}
    both_ends = range_of(typed)
    if both_ends is not None:
        return {i for i, option in enumerate(asked.options) if (option.low, option.high) == both_ends}
    chosen = after_choosing(typed) or typed
    # The letter as it was typed: folded, Cyrillic в and Latin v would be one.
    signs = {word for word in _WORD.findall(unicodedata.normalize("NFKC", text)) if fold(word) == chosen}
    found = place(signs.pop(), len(asked.options), asked.language) if len(signs) == 1 and len(chosen) == 1 else None
    return set() if found is None else {found}


def _marked(text: str, asked: _Asked) -> set[int]:
    """An option's mark and its words together ("2. Isto"), where both name the same one."""
    found = _MARKED.match(text)
    if not found:
        return set()
    mark, rest = found.groups()
    by_mark, by_words = _named(mark, comparable(mark), asked), _labelled(rest, asked.form)
    if asked.counts and mark.isdigit():
        return set()
    return by_mark & by_words if len(by_mark) == len(by_words) == 1 else set()


def _labelled(text: str, form: Offered) -> set[int]:
    typed = comparable(text)
    return {i for i, label in enumerate(form.labels) if label == typed}


def _several(text: str, asked: _Asked) -> list[int]:
    """Every part names one option: parts between commas, "i" or, for numbers and letters, spaces. Else nothing."""
    for parts in _splits(text):
        found = [_meant(part, asked) for part in parts]
        if len(parts) > 1 and all(len(each) == 1 for each in found):
            places = list(dict.fromkeys(each.pop() for each in found))
            none = excluding(option.label for option in asked.options)
            return places if len(places) == 1 or not set(none) & set(places) else []
    return []


def _splits(text: str) -> Iterator[list[str]]:
    if re.search(r"[0-9]\.[0-9]", text) or not plain(text.replace("/", ",")):
        return
    by_comma = [part for part in _COMMAS.split(text) if part.strip(_TRIMMED)]
    yield by_comma
    by_joint = [part for piece in by_comma for part in _at_joints(piece)]
    yield by_joint
    by_space = [word for piece in by_joint for word in piece.split()]
    if all(len(word.strip(_TRIMMED)) <= 2 for word in by_space):
        yield by_space


def _at_joints(piece: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for word in piece.split():
        if comparable(word) in words().joining:
            parts.append([])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts if part]
