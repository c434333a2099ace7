"""Understands commands: withdrawal, leaving, skipping … in every language's table at once, whoever the person is.

A reply is a command only when all of it is; one that merely contains such a word ("ne stop") is never one. What an open
question makes doubtful ("ne zovite me" where a call is offered) is no command there, and is asked again.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from surveys.language.script import fold, packed, script_of
from surveys.language.tables import Table, from_tables, phrases, tables, written

LONGEST = 500
"""Characters read of a reply; a longer one is no command."""
_MOST_WORDS = 24
_CLAUSES = re.compile(r"""([.,!?？;:()\[\]"„“”»«\n\r…]+|\s[-–—]\s)""")
_LONG_RUN = re.compile(r"(\w)\1{2,}")


class Command(StrEnum):
    """What a person may order at any point. `leave` ends this session only; `withdraw` is for good."""

    WITHDRAW = "withdraw"
    LEAVE = "leave"
    SKIP = "skip"
    REFUSE = "refuse"
    BACK = "back"
    HELP = "help"
    WRONG_NUMBER = "wrong_number"
    LANGUAGE = "language"


class Topic(StrEnum):
    """What an open question can be about so that some words are no order there. The tables list which, by these names.

    `calls`: a call is offered, and when. `amounts`: how much of something. `words`: an open text may quote somebody.
    `harm`: how many times harm was done, so that "neću više" may be a promise.
    """

    CALLS = "calls"
    AMOUNTS = "amounts"
    WORDS = "words"
    HARM = "harm"


_STRONGER = (Command.WITHDRAW, Command.WRONG_NUMBER, Command.LEAVE)
"""Said together with anything else that is a command, these win, in this order: a withdrawal is never lost."""
_NEVER_LOST = frozenset({Command.WITHDRAW, Command.WRONG_NUMBER})
"""Said together with what is doubtful, these alone count: "ne zovite me, STOP"."""
_NOT_ASKED = frozenset({Command.WITHDRAW, Command.SKIP, Command.REFUSE, Command.BACK})
"""As a question ("kraj?") these are in doubt, unless politely requested ("možete li da me skinete sa liste?")."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """`command` is None for what is doubtful as things stand. What may only stand beside a command is none `alone`."""

    command: Command | None
    languages: tuple[str, ...] = ()
    alone: bool = True


_DOUBT = _Meaning(None)


@dataclass(frozen=True, slots=True)
class _Heard:
    """In whose language, and at what kind of question, something was typed."""

    language: str | None
    topic: Topic | None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Folded phrases of all tables. `longest` says how many words a phrase beginning with that word may have."""

    meanings: dict[str, dict[str, _Meaning]]
    doubtful: dict[Topic, frozenset[str]]
    around: frozenset[str]
    beside: dict[str, _Meaning]
    requests: tuple[str, ...]
    longest: dict[str, int]


def command(text: str, language: str | None = None, topic: Topic | None = None) -> Command | None:
    """The command that the whole of `text` is, or None. `language` decides only where two tables disagree; `topic` is
    that of the question which is open."""
    found = _heard(text, _Heard(language, topic))
    return found.command if found else None


def is_command_packed(text: str) -> bool:
    """Whether it is a command's phrase but for spaces ("ST OP"): nobody may agree on it as a word of their own."""
    return command(text) is not None or packed(text) in _packed()


def doubtful(text: str, language: str | None, topic: Topic | None) -> bool:
    """Whether `text` would be a command, were it not for what the open question is about."""
    return topic is not None and command(text, language, topic) is None and command(text, language) is not None


def withdraws_unasked(text: str) -> bool:
    """Whether `text` is a withdrawal where nobody may ask again: what can quote somebody ("pusti me") is none there."""
    return command(text, None, Topic.WORDS) is Command.WITHDRAW


def surely_withdraws(text: str) -> bool:
    """Whether `text` is a withdrawal whatever question is open."""
    return all(command(text, None, topic) is Command.WITHDRAW for topic in (None, *Topic))


def asked_language(text: str) -> str | None:
    """The language code that a LANGUAGE command asks for; None for any other text."""
    found = _heard(text, _Heard(None, None))
    if found is None or not found.languages:
        return None
    script = script_of(text)
    return next((each for each in found.languages if each.endswith(script)), found.languages[0])


def _heard(text: str, at: _Heard) -> _Meaning | None:
    if len(text) > LONGEST:
        return None
    found = _whole(text, at)
    if found is None and _LONG_RUN.search(text):
        return _whole(_LONG_RUN.sub(r"\1", text), at)
    return found


def _asked(words: list[str], sign: str) -> bool:
    """Whether a clause that ends in `sign` is a question and not a polite request."""
    if not {"?", "？"} & set(sign):
        return False
    folded = f" {' '.join(words)} "
    return not any(f" {request} " in folded for request in _lexicon().requests)


def _whole(text: str, at: _Heard) -> _Meaning | None:
    """All clauses of the text taken together; None as soon as one of them is anything else."""
    found: set[_Meaning] = set()
    parts = [*_CLAUSES.split(text), ""]
    for part, sign in zip(parts[::2], parts[1::2], strict=True):
        words = fold(part).split()
        if not words:
            continue
        meanings = _clause(words, at)
        if _asked(words, sign):
            meanings = {each for each in meanings if not each or each.command not in _NOT_ASKED}
        if not meanings:
            return None
        found |= {each for each in meanings if each}
    return _strongest(found)


def _strongest(found: set[_Meaning]) -> _Meaning | None:
    kept = {each for each in found if each.command in _NEVER_LOST} if _DOUBT in found else found
    for strong in _STRONGER:
        for meaning in kept:
            if meaning.command is strong:
                return meaning
    return kept.pop() if len(kept) == 1 else None


def _clause(words: list[str], at: _Heard) -> set[_Meaning | None]:
    """Every way to read all words as phrases of one command and polite words; {None} where they are only polite."""
    lexicon = _lexicon()
    if len(words) > _MOST_WORDS or words[0] not in lexicon.longest:
        return set()
    reached: list[set[_Meaning | None]] = [set() for _ in range(len(words) + 1)]
    reached[0].add(None)
    for start, before in enumerate(reached[:-1]):
        if before:
            for end, meaning in _phrases_at(words, start, at):
                reached[end] |= _joined(before, meaning)
    return {each for each in reached[-1] if each is None or each.alone}


def _joined(before: set[_Meaning | None], meaning: _Meaning | None) -> set[_Meaning | None]:
    if meaning is None:
        return before
    if meaning == _DOUBT:
        return {each or meaning for each in before if not each or each == _DOUBT or each.command in _NEVER_LOST}
    if not meaning.alone:
        return {each or meaning for each in before if not each or each.command is meaning.command}
    joins = {None, meaning, _Meaning(meaning.command, alone=False)}
    return {meaning} if before & (joins | ({_DOUBT} if meaning.command in _NEVER_LOST else set())) else set()


def _phrases_at(words: list[str], start: int, at: _Heard) -> Iterator[tuple[int, _Meaning | None]]:
    lexicon = _lexicon()
    doubtful_here = lexicon.doubtful[at.topic] if at.topic else frozenset()
    longest = lexicon.longest.get(words[start], 0)
    for end in range(start + 1, min(start + longest, len(words)) + 1):
        phrase = " ".join(words[start:end])
        if phrase in lexicon.around:
            yield end, None
        meaning = _DOUBT if phrase in doubtful_here else _agreed(lexicon.meanings.get(phrase), at.language)
        if meaning:
            yield end, meaning
        if phrase in lexicon.beside:
            yield end, lexicon.beside[phrase]


def _agreed(meanings: dict[str, _Meaning] | None, language: str | None) -> _Meaning | None:
    """What a phrase means: in the person's own table, else where all tables agree."""
    if not meanings:
        return None
    for name in (language, language.split("_")[0]) if language else ():
        if name in meanings:
            return meanings[name]
    distinct = set(meanings.values())
    return _strongest(distinct)


@from_tables
def _lexicon() -> _Lexicon:
    around: set[str] = set()
    requests: list[str] = []
    for table in tables().values():
        requests += phrases(written(table, "around", "requests"))
        around |= {*phrases(written(table, "around", "words")), *requests}
    meanings = _by_phrase()
    longest: dict[str, int] = defaultdict(int)
    beside = {phrase: _Meaning(each, alone=False) for each in Command for phrase in phrases(_written(each, "beside"))}
    for phrase in [*meanings, *around, *beside]:
        words = phrase.split()
        longest[words[0]] = max(longest[words[0]], len(words))
    doubt = {topic: frozenset(phrases(line for each in Command for line in _written(each, topic))) for topic in Topic}
    return _Lexicon(meanings, doubt, frozenset(around), beside, tuple(requests), dict(longest))


def _by_phrase() -> dict[str, dict[str, _Meaning]]:
    """What each phrase means by table. Phrases that mean the same share one dictionary: there are twenty thousand."""
    found: dict[str, tuple[tuple[str, _Meaning], ...]] = {}
    for name, table in tables().items():
        for phrase, meaning in _meanings(table):
            said = found.get(phrase, ())
            if not said or said[-1][0] != name:
                found[phrase] = (*said, (name, meaning))
    shared = {each: dict(each) for each in set(found.values())}
    return {phrase: shared[each] for phrase, each in found.items()}


@from_tables
def _packed() -> frozenset[str]:
    """Every phrase without its spaces; only who agrees on a word asks for it."""
    return frozenset(map(packed, _lexicon().meanings))


def _written(ordered: Command, key: str) -> list[str]:
    return [line for table in tables().values() for line in written(table, "commands", ordered, key)]


def _meanings(table: Table) -> Iterator[tuple[str, _Meaning]]:
    for each in Command:
        meaning = _Meaning(each)
        for key in ("phrases", *Topic):
            for phrase in phrases(written(table, "commands", each, key)):
                yield phrase, meaning
    for code, section in table.get("language", {}).items():
        meaning = _Meaning(Command.LANGUAGE, tuple(section.get("languages", (code,))))
        for phrase in phrases(section["phrases"]):
            yield phrase, meaning
