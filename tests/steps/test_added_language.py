"""A language added as files in a folder: whole interviews in it, by typed words and by buttons."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from surveys.instruments.stored import load
from surveys.language.adding import put_away, take_in
from surveys.language.commands import Command, command
from surveys.language.tables import TableRefused
from surveys.library import Library, LibraryRefused, load_library
from surveys.library.translation import read_translation
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel, Side
from surveys.steps.page_said import Do, View
from surveys.steps.ports import Event, Incoming, Outgoing
from tests.language.inventing import CODE, invent, said, written
from tests.steps.her_stage import CODE as HER_CODE
from tests.steps.her_stage import Phone, make_her_stage
from tests.steps.stage import Stage, shipped

LATER = timedelta(days=100)
LONGEST = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invent(tmp_path_factory.mktemp("languages"))


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    take_in(folder)
    yield load_library(Side.EX_PERPETRATORS, languages=folder)
    put_away(folder)


@pytest.fixture
async def spoken_to(stage: Stage, library: Library) -> Stage:
    """Somebody who reads the new language, with a notice just sent."""
    stage.service = replace(stage.service, shipped=library, forms={})
    enrolled = await stage.enrol(language=CODE)
    await stage.start(enrolled.token)
    await stage.forward(stage.now + LATER)
    return stage


def _answer(question: Outgoing) -> str:
    """The first offered option of a question, as its button says it."""
    return question.buttons[0][0].label


def _foreign(text: str) -> list[str]:
    """Words of a message that are not of the invented language."""
    words = ["".join(c for c in word if c.isalpha()) for word in text.split()]
    return [word for word in words if len(word) > 1 and not word.lower().endswith("zu")]


async def _complete(stage: Stage, *, typed: bool) -> list[Outgoing]:
    yes, agree = said("YES"), said("I agree")
    await (stage.say(yes) if typed else stage.press(yes))
    heard = await (stage.say(agree) if typed else stage.press(agree))
    seen = []
    for _ in range(LONGEST):
        assert heard is not None
        seen.append(heard)
        if not heard.buttons:
            break
        label = _answer(heard)
        heard = await (stage.say(label.partition(" ")[2] or label) if typed else stage.press(label))
    return seen


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "pressed"])
async def test_a_whole_interview_is_completed_in_an_added_language(spoken_to: Stage, typed: bool) -> None:
    seen = await _complete(spoken_to, typed=typed)
    assert seen[-1].text.startswith(said("Thank you. Your answers are recorded"))
    assert len(seen) > 10
    assert [_foreign(each.text.replace("Sretenje", "")) for each in seen if _foreign(each.text)] == []
    labels = [button.label for each in seen for row in each.buttons for button in row]
    assert [label for label in labels if _foreign(label)] == []


async def test_the_language_is_asked_for_in_the_middle_of_a_questionnaire(stage: Stage, library: Library) -> None:
    stage.service = replace(stage.service, shipped=library, forms={})
    enrolled = await stage.enrol(language="sr_Cyrl")
    await stage.start(enrolled.token)
    await stage.forward(stage.now + LATER)
    await stage.say("да")
    await stage.say("пристајем")
    again = await stage.say("longish")
    assert again is not None
    assert said("What contact do you have now") in again.text


async def test_commands_of_an_added_language_are_heard_and_danger_is_too(spoken_to: Stage) -> None:
    assert command(said("remove me from the list"), CODE) is Command.WITHDRAW
    await spoken_to.say(said("yes"))
    left = await spoken_to.say(said("later"))
    assert left is not None
    assert left.text == said("That is fine, another time. To go on, write YES.")
    gone = await spoken_to.say(said("please stop sending me messages"))
    assert gone is not None
    assert gone.text.startswith(said("You are signed off."))


async def test_an_sms_in_an_added_language_has_its_own_short_words(stage: Stage, library: Library) -> None:
    assert library.text_on(Channel.SMS, "consent_wave", CODE) == said(
        library.text_on(Channel.SMS, "consent_wave", "en")
    )
    service = replace(stage.service, shipped=library)
    stranger = Incoming(Channel.TELEGRAM, "99", Event.TEXT, said("stop"), message="1")
    stage.service = service
    assert await stage.send_in(stranger) is not None


def test_a_translation_changes_neither_digest_nor_version(library: Library) -> None:
    published = shipped()[0]
    own = load(published.document)
    with_it = library.worded(own)
    assert (with_it.digest, with_it.version) == (own.digest, own.version)
    assert with_it.languages == (*own.languages, CODE)
    assert library.translations[0].missing_of(own) == []
    assert library.translations[0].reviewed is None


def test_what_is_put_away_is_understood_no_more(folder: Path) -> None:
    take_in(folder)
    assert command(said("unsubscribe")) is Command.WITHDRAW
    put_away(folder)
    assert command(said("unsubscribe")) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("ex-perpetrators.toml", '"closing" = ', '"opening" = ', "text.closing"),
        ("ex-perpetrators.toml", '"ready" = ', '"steady" = ', "notice.ready"),
        ("ex-perpetrators.toml", "{link}", "link", "notice.short_survey"),
        ("ex-perpetrators.toml", "{phone}", "phone", "{phone}"),
        ("ex-perpetrators.toml", '"police" = ', '"constable" = ', "helpline.police"),
        ("typed.toml", '"withdraw" = ', '"withdrew" = ', "commands.withdraw.phrases"),
        ("typed.toml", '"suicide" = ', '"sadness" = ', "danger.suicide.phrases"),
    ],
)  # fmt: skip
def test_rule_a_language_that_is_not_whole_is_refused_with_what_it_lacks(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    folder = invent(tmp_path / "languages")
    broken = folder / CODE / file
    text = broken.read_text("utf-8")
    assert old in text
    broken.write_text(text.replace(old, new), "utf-8")
    with pytest.raises((LibraryRefused, TableRefused), match=re.escape(told)):
        _take_whole(folder)


@pytest.mark.parametrize(
    ("file", "more", "told"),
    [
        ("ex-perpetrators.toml", "review = 'no'", "review"),
        ("ex-perpetrators.toml", "text.closnig = 'Thank you.'", "text.closnig"),
        ("ex-perpetrators.toml", "sms.consent_wavve = 'Short.'", "sms.consent_wavve"),
        ("ex-perpetrators.toml", "helpline.police.waht = 'Police'", "helpline.police.waht"),
        ("ex-perpetrators.toml", "centre.atlantis = 'Atlantis'", "centre.atlantis"),
        ("ex-perpetrators.toml", "instrument.check-in.item.insulted.label = 'x'", "instrument.check-in.item"),
        ("ex-perpetrators.toml", "instrument.check-in.items.insulted.lable = 'x'", "items.insulted.lable"),
        ("typed.toml", "commands.withdrew.phrases = ['x']", "commands.withdrew.phrases"),
        ("typed.toml", "danger.suicide.phrase = ['x']", "danger.suicide.phrase"),
        ("typed.toml", "negatoin.words = ['x']", "negatoin.words"),
    ],
)  # fmt: skip
def test_rule_a_key_that_is_not_known_is_refused_with_file_and_key(
    tmp_path: Path, file: str, more: str, told: str
) -> None:
    folder = invent(tmp_path / "languages")
    odd = folder / CODE / file
    odd.write_text(_deepened(odd.read_text("utf-8"), more), "utf-8")
    with pytest.raises((LibraryRefused, TableRefused)) as refused:
        _take_whole(folder)
    assert str(refused.value).startswith(f"{CODE}/{file}: ")
    assert f"{told}: is no key that is known" in str(refused.value)


def _deepened(text: str, more: str) -> str:
    """The file with one more key, however deep."""
    table, added = tomllib.loads(text), tomllib.loads(more)

    def join(into: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
        return into | {
            key: join(into[key], value) if isinstance(value, dict) and key in into else value
            for key, value in other.items()
        }

    return written(join(table, added))


def _take_whole(folder: Path) -> None:
    load_library(Side.EX_PERPETRATORS, languages=folder)
    take_in(folder)


@pytest.mark.parametrize("file", ["messages.po", "typed.toml"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    folder = invent(tmp_path / "languages")
    (folder / CODE / file).unlink()
    with pytest.raises(TableRefused, match=file):
        take_in(folder)


async def test_a_whole_interview_on_her_page_is_in_the_added_language(
    database: Database, tmp_path: Path, folder: Path, library: Library
) -> None:
    her = await make_her_stage(database, tmp_path)
    assert library.translations
    hers = load_library(Side.SURVIVORS, languages=folder)
    her.service = replace(her.service, shipped=hers, forms={})
    await her.ready()
    await her.enrol(language=CODE)
    phone = Phone(her, await her.noticed())
    await phone.gate(HER_CODE)
    await phone.do(Do.AGREE)
    seen = []
    for _ in range(LONGEST):
        asked = phone.screen.asked
        if phone.screen.view is not View.ITEM or asked is None:
            break
        seen.append("\n".join([asked.text, asked.hint, *(choice.label for choice in asked.choices)]))
        await phone.do(Do.NEXT, *(("c0",) if asked.choices else ()), text="3")
    assert phone.screen.view is View.WORDS
    assert len(seen) > 8
    assert [_foreign(text.replace("Sretenje", "")) for text in seen if _foreign(text)] == []


def test_words_for_an_item_or_a_choice_that_is_not_there_are_named(tmp_path: Path) -> None:
    own = invent(tmp_path / "languages") / CODE / "ex-perpetrators.toml"
    form = load(shipped()[0].document)
    assert read_translation(own).unknown_of(form) == []
    more = "instrument.check-in.items.insultd.label = 'x'\ninstrument.check-in.choices.count.twice = 'x'"
    own.write_text(_deepened(own.read_text("utf-8"), more), "utf-8")
    assert read_translation(own).unknown_of(form) == ["items.insultd", "choices.count.twice"]
