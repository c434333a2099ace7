"""Holds that words which people agreed to, answered or were sent have a version: changed words, new version.

`versions.toml` beside this file pins what each version says. After a change raise the version where the words stand and
put in the lines that this test prints; a line that was ever released is never changed.
"""

import hashlib
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from surveys.instruments.compile import compile_form
from surveys.instruments.stored import dump, load, with_digest
from surveys.library import Library, load_library
from surveys.library.wording import Notice, Text
from surveys.rules.vocabulary import Side

PINNED = Path(__file__).with_name("versions.toml")


def _digest(words: Text | Notice) -> str:
    said = [words.words, words.sms, words.page] if isinstance(words, Text) else [words.words]
    if isinstance(words, Text) and words.phone:  # those that have none keep the digest that was pinned
        said.append(words.phone)
    return hashlib.sha256(json.dumps([dict(each) for each in said], sort_keys=True).encode()).hexdigest()[:32]


def now_said(library: Library) -> dict[str, str]:
    """What this side says, by kind, name and version."""
    forms = [compile_form(path) for path in library.instruments.values()]
    forms += [cover.instrument for cover in library.covers]
    return (
        {f"instrument {each.name} {each.version}": each.digest[:32] for each in forms}
        | {f"text {each.name} {each.version}": _digest(each) for each in library.texts.values()}
        | {f"notice {each.name} {each.version}": _digest(each) for each in library.notices.values()}
    )


def changed(pinned: dict[str, str], said: dict[str, str]) -> list[str]:
    """The lines to put in: of words that changed under their version, and of versions that are not pinned."""
    return [f'"{name}" = "{digest}"' for name, digest in said.items() if pinned.get(name) != digest]


@pytest.fixture(scope="module")
def pinned() -> dict[Side, dict[str, str]]:
    document = tomllib.loads(PINNED.read_text(encoding="utf-8"))
    return {side: document[side] for side in Side}


def test_safety_changed_words_have_a_new_version(library: Library, pinned: dict[Side, dict[str, str]]) -> None:
    assert changed(pinned[library.side], now_said(library)) == [], "raise the version, then pin it in versions.toml"


def test_no_version_ever_goes_back(library: Library, pinned: dict[Side, dict[str, str]]) -> None:
    newest: dict[str, int] = {}
    for name in pinned[library.side]:
        what, _, version = name.rpartition(" ")
        newest[what] = max(newest.get(what, 0), int(version))
    for name in now_said(library):
        what, _, version = name.rpartition(" ")
        assert int(version) == newest[what], name


def test_a_changed_text_notice_label_or_short_form_is_found(
    library: Library, pinned: dict[Side, dict[str, str]]
) -> None:
    said = now_said(library)
    consent = library.texts["consent_wave"]
    new = {"en": "Changed."}
    for altered in (replace(consent, words=new), replace(consent, sms=new), replace(consent, page=new),
                    replace(consent, phone=new)):  # fmt: skip
        now = said | {f"text consent_wave {consent.version}": _digest(altered)}
        assert len(changed(pinned[library.side], now)) == 1
    form = compile_form(library.instruments["check-in"])
    items = (replace(form.items[2], labels={**form.items[2].labels, "en": "Changed?"}), *form.items[3:])
    now = said | {f"instrument check-in {form.version}": with_digest(replace(form, items=items)).digest[:32]}
    assert len(changed(pinned[library.side], now)) == 1


def test_short_words_that_are_not_there_change_no_digest() -> None:
    """What was published before there were any keeps its digest, so that publishing it again is no change."""
    form = compile_form(load_library(Side.SURVIVORS).instruments["check-in"])
    assert not any(item.sms for item in form.items)
    assert '"sms":' not in dump(form)
    assert load(dump(form)) == form
