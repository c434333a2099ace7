"""The person's language: changed in the middle, nothing that is shown is left in the old script; what a call means."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from surveys.language.script import Script, script_of
from surveys.records import participants
from surveys.records.database import Database
from surveys.rules.vocabulary import Status
from surveys.steps import amend as amending
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.page_said import Do, View
from surveys.steps.ports import Outgoing
from tests.steps.her_stage import CODE, HerStage, Phone, make_her_stage
from tests.steps.stage import START, Stage
from tests.steps.test_page import begun as on_page

ASKED = {"sr_Cyrl": "ћирилица", "sr_Latn": "latinica", "en": "English"}
SCRIPTS = {"sr_Cyrl": Script.CYRILLIC, "sr_Latn": Script.LATIN, "en": Script.LATIN}
SWITCHES = [(one, other) for one in ASKED for other in ASKED if one != other]
WORDS = (None, "бивша супруга", "bivša supruga")
SERBIAN = ("osob", "žena", "pitanj", "Vam", "Vas ")


def shown(message: Outgoing | None) -> str:
    assert message is not None
    return "\n".join([message.text, *(button.label for row in message.buttons for button in row)])


def unmixed(text: str, language: str) -> bool:
    """One script alone (option letters, numbers and signs aside), and no Serbian left in English."""
    words = [word for word in text.split() if len("".join(c for c in word if c.isalpha())) > 1]
    found = {script_of(word) for word in words} - {Script.NONE}
    return found <= {SCRIPTS[language]}


async def in_the_middle(stage: Stage, first: str, **changes: Any) -> None:
    enrolled = await stage.enrol(language=first, **changes)
    await stage.start(enrolled.token)
    await stage.forward(stage.now + timedelta(days=100))
    for word in ("yes", "I agree") if first == "en" else ("da", "pristajem"):
        await stage.say(word)


@pytest.mark.parametrize(("first", "then"), SWITCHES)
@pytest.mark.parametrize("word", WORDS)
async def test_rule_after_a_change_of_language_nothing_shown_is_left_in_the_old_one(
    stage: Stage, first: str, then: str, word: str | None
) -> None:
    await in_the_middle(stage, first, other_word=word)
    heard = await stage.say(ASKED[then])
    seen = []
    for _ in range(30):
        seen.append(shown(heard))
        if heard is None or not heard.buttons:
            break
        heard = await stage.press_data(heard.buttons[min(1, len(heard.buttons) - 1)][0].data, heard)
    assert len(seen) > 8
    assert [text for text in seen if not unmixed(text, then)] == []
    if then == "en" and word is None:
        assert [text for text in seen if any(each in text for each in SERBIAN)] == []
    if word is not None:
        assert any(("бивша супруга" if then == "sr_Cyrl" else "bivša supruga") in text for text in seen)


@pytest.mark.parametrize(("first", "then"), SWITCHES)
async def test_rule_the_same_holds_on_the_page(stage: Stage, first: str, then: str) -> None:
    _, visitor = await on_page(stage, language=first)
    await visitor.do(Do.SPEAK, language=then)
    for _ in range(25):
        asked = visitor.screen.asked
        if visitor.screen.view is not View.ITEM or asked is None:
            break
        said = "\n".join([asked.text, asked.hint, visitor.screen.note, *(choice.label for choice in asked.choices)])
        assert unmixed(said, then), said
        assert then != "en" or not any(each in said for each in SERBIAN), said
        await visitor.do(Do.NEXT, *(("c0",) if asked.choices else ()), text="3")
    assert visitor.screen.view is View.WORDS
    assert unmixed(visitor.screen.text, then)


@pytest.mark.parametrize(
    ("language", "word", "read"),
    [("sr_Cyrl", "bivša supruga", "бивша супруга"), ("sr_Latn", "бивша супруга", "bivša supruga"),
     ("en", "бивша супруга", "bivša supruga"), ("sr_Cyrl", "бивша супруга", "бивша супруга"), ("en", "wife", "wife")],
)  # fmt: skip
async def test_a_chosen_word_of_either_script_is_shown_in_the_persons_own(
    stage: Stage, language: str, word: str, read: str
) -> None:
    await in_the_middle(stage, language, other_word=word)
    assert read in stage.ledger[-1].text
    assert unmixed(shown(stage.ledger[-1]), language)


async def test_a_word_that_could_be_read_in_two_ways_is_refused_for_who_reads_cyrillic(stage: Stage) -> None:
    with pytest.raises(EnrolmentRefused, match=r"^other_word: write it in Cyrillic"):
        await stage.enrol(language="sr_Cyrl", other_word="odžakovka")
    person = (await stage.enrol(language="sr_Cyrl", other_word="жена")).participant
    given = {"participant": person, "kind": "word", "other_word": "wife", "recorded_by": "Мира"}
    with pytest.raises(EnrolmentRefused, match=r"^other_word: write it in Cyrillic"):
        await amending.amend(stage.service, amending.read(stage.service, given, START), "by:one", START)


async def test_a_word_that_cannot_be_written_in_the_script_asked_for_gives_way_to_the_usual_one(stage: Stage) -> None:
    await in_the_middle(stage, "sr_Latn", other_word="wife")
    heard = await stage.say("ћирилица")
    assert unmixed(shown(heard), "sr_Cyrl")


@pytest.fixture
def status(stage: Stage) -> Callable[[str], Any]:
    async def read(person: str) -> Status:
        async with stage.service.database.reading() as tx:
            return (await participants.get(tx, person)).status

    return read


async def until(stage: Stage, words: str) -> Outgoing:
    for _ in range(25):
        last = stage.ledger[-1]
        if words in last.text:
            return last
        await stage.press_data(last.buttons[0][0].data, last)
    raise AssertionError("never asked")


@pytest.mark.parametrize("text", ["nemojte me zvati", "ne zovite me", "ujutru", "javiću se", "ne želim više"])
async def test_safety_a_no_to_a_call_or_a_time_neither_withdraws_nor_ends_a_chat(
    stage: Stage, status: Callable[[str], Any], text: str
) -> None:
    enrolled = await stage.enrol()
    await stage.start(enrolled.token)
    await stage.forward(stage.now + timedelta(days=100))
    await stage.say("da")
    await stage.say("pristajem")
    asked = await until(stage, "dodatnu pomoć")
    heard = await stage.say(text)
    assert heard is not None
    assert "dodatnu pomoć" in heard.text
    assert heard.buttons == asked.buttons
    assert await status(enrolled.participant) is Status.ACTIVE
    await stage.say("Ne zovite me. STOP")
    assert await status(enrolled.participant) is Status.WITHDRAWN


async def test_safety_before_any_question_a_no_to_calls_still_withdraws(
    stage: Stage, status: Callable[[str], Any]
) -> None:
    enrolled = await stage.enrol()
    await stage.start(enrolled.token)
    await stage.say("nemojte me zvati")
    assert await status(enrolled.participant) is Status.WITHDRAWN


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> AsyncIterator[HerStage]:
    yield await make_her_stage(database, tmp_path)


@pytest.mark.parametrize(("first", "then"), SWITCHES)
async def test_rule_her_page_is_in_one_script_after_a_change(her: HerStage, first: str, then: str) -> None:
    await her.ready()
    await her.enrol(language=first, other_gender="male")
    phone = Phone(her, await her.noticed())
    await phone.gate(CODE)
    await phone.do(Do.AGREE)
    await phone.do(Do.SPEAK, language=then)
    for _ in range(25):
        asked = phone.screen.asked
        if phone.screen.view is not View.ITEM or asked is None:
            break
        said = "\n".join([asked.text, asked.hint, phone.screen.note, *(choice.label for choice in asked.choices)])
        assert unmixed(said, then), said
        await phone.do(Do.NEXT, *(("c1",) if asked.choices else ()), text="3")
    assert phone.screen.view is View.WORDS
    assert unmixed(phone.screen.text, then), phone.screen.text
