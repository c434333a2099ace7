"""What is wrong with a catalogue, in plain lines: missing, unused, fuzzy, wrong script, unbalanced placeholders."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from babel.messages.catalog import Catalog, Message

from locales.po import HERE, forms, messages, sources

_BRACES = re.compile(r"\{([^{}|]*)(\|[^{}]*)?\}")
_MARK = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|%\([^()]{0,200}\)[a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_NOT_WORDS = re.compile(
    r"(?:https?://|www\.)\S{1,2000}|[^\s@]{1,64}@[^\s@]{1,255}|%\([^()]{0,200}\)[a-z]|\{[^{}|]{0,200}(?:\}|(?=\|))"
)


def problems(language: str, catalog: Catalog, template: Catalog) -> Iterator[str]:
    """One line for each thing that is wrong with `catalog`, given what the code says (`template`)."""
    wanted = {sources(message) for message in messages(template)}
    found = {sources(message): message for message in messages(catalog)}
    script = _main_script(form for message in found.values() for form in forms(message))
    for texts in sorted(wanted - found.keys()):
        yield f"{language}: missing: {texts[0]}"
    for texts in sorted(found.keys() - wanted):
        yield f"{language}: unused: {texts[0]}"
    for texts in sorted(wanted & found.keys()):
        for wrong in _message_problems(found[texts], script):
            yield f"{language}: {wrong}: {texts[0]}"


def _message_problems(message: Message, script: str) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    texts = forms(message)
    if not all(texts):
        yield "missing"
        return
    if any(_unbalanced(text) for text in (*sources(message), *texts)):
        yield "unbalanced brace"
    elif any(_placeholders(text) != _placeholders(sources(message)[-1]) for text in texts[-1:]):
        yield "placeholders differ"
    elif any(_placeholders(text) - _placeholders("".join(sources(message))) for text in texts):
        yield "unknown placeholder"
    if _marks(texts[-1]) != _marks(sources(message)[-1]):
        yield "tags or %(…)s differ"
    for text in texts:
        yield from script_problems(text, script)


def script_problems(text: str, script: str) -> Iterator[str]:
    """Words of `text` of two scripts, and those not in `script` ("CYRILLIC", "LATIN") that are not let through."""
    for word in _WORD.findall(_NOT_WORDS.sub(" ", text)):
        scripts = _scripts(word)
        if len(scripts) > 1:
            yield f"two scripts in one word ({word})"
        elif scripts and scripts != {script} and word not in _let_through():
            yield f"a word of another script ({word})"


def _unbalanced(text: str) -> bool:
    rest = _BRACES.sub("", text)
    return "{" in rest or "}" in rest


def _placeholders(text: str) -> Counter[str]:
    return Counter(name if not choice else f"{name}|{choice.count('|')}" for name, choice in _BRACES.findall(text))


def _marks(text: str) -> Counter[str]:
    """HTML tags and Python's own placeholders, as they stand."""
    return Counter(_MARK.findall(text))


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(letter, "").split(" ")[0] for letter in word} & {"CYRILLIC", "LATIN", "GREEK"}


def _main_script(texts: Iterable[str]) -> str:
    counted = Counter(script for text in texts for word in _WORD.findall(text) for script in _scripts(word))
    return counted.most_common(1)[0][0] if counted else "LATIN"


@cache
def _let_through() -> frozenset[str]:
    """Words that stay in their own script everywhere (STOP, SMS …): locales/words.toml."""
    words = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    return frozenset(words["any_script"])
