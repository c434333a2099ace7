"""The private page in the core, on both databases: whose link it is, what each browser sees, what is stored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from surveys.instruments.engine import ONWARD, REFUSE, Pressed, start, step
from surveys.library import load_library
from surveys.records import answers, audit, consents, interviews, invitations, page_links, participants
from surveys.records.answers import Answer
from surveys.rules.vocabulary import Channel, Disposition, Missing, Purpose, Side, Status, Urgency
from surveys.steps.page import IDLE, elsewhere, on_page
from surveys.steps.page_link import LIVES, links_at
from surveys.steps.page_said import Do, PageSaid, Screen, View
from surveys.steps.ports import Event, Incoming
from surveys.steps.stored_answer import decode
from surveys.steps.turn import Stage as Point
from surveys.steps.turn import Standing, decide
from tests.instruments.forms import NOW, check_form
from tests.steps.stage import Stage
from tests.steps.test_sms import by_sms, noticed

PUBLIC = "https://surveys.example.org"


class Visitor:
    """A browser: it keeps its cookie and answers the screen that it was shown last."""

    def __init__(self, stage: Stage, token: str) -> None:
        self.stage, self.token, self.cookie = stage, token, ""
        self.screen = elsewhere()

    async def do(self, do: Do, *picked: str, text: str = "", language: str = "", turn: int | None = None) -> Screen:
        shown = self.screen.asked.turn if self.screen.asked else -1
        said = PageSaid(do, shown if turn is None else turn, picked, text, language)
        self.screen = await on_page(self.stage.service, self.token, self.cookie, said, self.stage.now)
        if self.screen.cookie is not None:
            self.cookie = self.screen.cookie
        return self.screen


async def invited(stage: Stage, **changes: Any) -> tuple[str, Visitor]:
    """A man whose notice with a link has just arrived, and the browser of his phone."""
    stage.service = replace(stage.service, issue_link=links_at(PUBLIC))
    person = await by_sms(stage, **changes)
    await noticed(stage, person)
    return person, Visitor(stage, token_of(stage))


def token_of(stage: Stage) -> str:
    return next(each.text.rpartition("/p/")[2] for each in reversed(stage.ledger) if "/p/" in each.text)


async def begun(stage: Stage, **changes: Any) -> tuple[str, Visitor]:
    person, visitor = await invited(stage, **changes)
    await visitor.do(Do.START)
    await visitor.do(Do.AGREE)
    return person, visitor


async def finish(visitor: Visitor) -> None:
    for _ in range(25):
        if visitor.screen.view is not View.ITEM:
            return
        await visitor.do(Do.NEXT, *(("c0",) if visitor.screen.asked and visitor.screen.asked.choices else ()), text="3")
    raise AssertionError("the questionnaire has no end")


async def kept(stage: Stage, person: str) -> list[Answer]:
    async with stage.service.database.reading() as tx:
        assert await audit.verify(tx) is None
        return await answers.of_participant(tx, person)


async def test_a_whole_check_in_on_the_page(stage: Stage) -> None:
    person, visitor = await invited(stage)
    assert (await visitor.do(Do.START)).view is View.CONSENT
    assert "dobrovoljno" in visitor.screen.text
    assert visitor.screen.buttons[0] == "Pristajem"
    assert await kept(stage, person) == []
    assert (await visitor.do(Do.AGREE)).view is View.ITEM
    await finish(visitor)
    assert visitor.screen.view is View.WORDS
    assert "192" in visitor.screen.text
    assert {each.mode for each in await kept(stage, person)} == {Channel.PAGE}
    async with stage.service.database.reading() as tx:
        assert (await invitations.of_participant(tx, person))[0].disposition is Disposition.COMPLETE
        wave = next(each for each in await consents.of_participant(tx, person) if each.invitation)
    assert (wave.purpose, wave.given, wave.channel) == (Purpose.EVALUATION, True, Channel.PAGE)
    version = stage.service.library.text_version("consent_wave")
    assert (wave.language, wave.version, wave.at) == ("sr_Latn", version, stage.now), "the language is also the script"
    assert wave.text_hash == stage.service.library.texts["consent_wave"].digest("sr_Latn", Channel.PAGE)


async def test_safety_a_link_serves_the_browser_that_used_it_first_and_every_other_sees_an_unknown_link(
    stage: Stage,
) -> None:
    _, visitor = await begun(stage)
    other, stranger = Visitor(stage, visitor.token), Visitor(stage, "x" * 22)
    for do in Do:
        for turn in (-1, 0, 1):
            assert await other.do(do, "c0", turn=turn) == await stranger.do(do, "c0", turn=turn)
    assert (await visitor.do(Do.NEXT, "c0")).view is View.ITEM


@pytest.mark.parametrize("how", ["finished", "left", "expired", "withdrawn", "closed", "replaced", "custody"])
async def test_safety_a_link_that_is_over_shows_what_an_unknown_one_shows(stage: Stage, how: str) -> None:
    person, visitor = await begun(stage)
    cookie = visitor.cookie
    if how == "finished":
        await finish(visitor)
    elif how == "left":
        await visitor.do(Do.EXIT)
    elif how == "expired":
        stage.now += LIVES
    elif how == "closed":
        stage.now += timedelta(days=60)
    elif how == "withdrawn":
        await visitor.do(Do.STOP_FOR_GOOD)
    elif how == "replaced":
        await another_link(stage, person)
    else:
        async with stage.service.database.writing() as tx:
            await participants.change(tx, person, stage.now, status=Status.IN_CUSTODY)
    visitor.cookie = cookie
    for do in (Do.START, Do.NEXT, Do.AGREE, Do.STOP, Do.SPEAK):
        assert await visitor.do(do, "c0") == elsewhere()


async def another_link(stage: Stage, person: str) -> None:
    """A reminder's link, opened in another browser."""
    async with stage.service.database.writing() as tx:
        wave = next(each for each in await invitations.of_participant(tx, person) if each.state != "planned")
        assert stage.service.issue_link is not None
        link = await stage.service.issue_link(tx, stage.service, wave.id, person, stage.now)
    assert (await Visitor(stage, link.rpartition("/p/")[2]).do(Do.START)).view is View.ITEM


async def test_safety_the_helplines_are_reached_from_every_screen_and_nothing_is_lost(stage: Stage) -> None:
    person, visitor = await invited(stage)
    for do, view in ((Do.START, View.CONSENT), (Do.AGREE, View.ITEM), (Do.NEXT, View.ITEM)):
        before = await visitor.do(do, "c0")
        assert before.view is view
        lines = await visitor.do(Do.LINES)
        assert (lines.view, "192" in lines.text, "194" in lines.text) == (View.LINES, True, True)
        assert (await visitor.do(Do.AGAIN)).asked == before.asked
        assert visitor.screen.view is view
    assert len(await kept(stage, person)) == 1
    women = [each.number for each in load_library(Side.SURVIVORS).helplines if each.audience == "hers"]
    assert women
    assert not any(number in lines.text for number in women)


async def test_safety_after_three_idle_minutes_the_session_is_over_and_the_same_browser_begins_at_the_button(
    stage: Stage,
) -> None:
    person, visitor = await begun(stage)
    await visitor.do(Do.NEXT, "c0")
    place = visitor.screen.asked
    stage.now += IDLE + timedelta(seconds=1)
    assert (await visitor.do(Do.NEXT, "c0", turn=place.turn if place else -1)).view is View.START
    assert len(await kept(stage, person)) == 1
    assert (await visitor.do(Do.START)).asked == place


async def test_safety_no_screen_shows_an_earlier_answer(stage: Stage) -> None:
    _, visitor = await begun(stage)
    before = visitor.screen.asked
    await visitor.do(Do.NEXT, "c0")
    await visitor.do(Do.BACK)
    assert visitor.screen.asked is not None
    assert before is not None
    assert replace(visitor.screen.asked, turn=before.turn) == before


async def test_an_answer_posted_twice_or_from_an_earlier_screen_lands_nowhere_else(stage: Stage) -> None:
    person, visitor = await begun(stage)
    first = visitor.screen.asked
    assert first is not None
    after = await visitor.do(Do.NEXT, "c0")
    for do in (Do.NEXT, Do.SKIP, Do.BACK, Do.REFUSE):
        again = await visitor.do(do, "c1", turn=first.turn)
        assert again.asked == after.asked
    assert [(each.item, decode(each.value)[0]) for each in await kept(stage, person)] == [(first.item, "together")]


@pytest.mark.parametrize("marks", [(), ("c0", "c1"), ("c99",), ("x",), ("c0", "r"), ("n", "r"), ("c" * 50,)])
async def test_what_marks_nothing_or_too_much_is_asked_again_and_stores_nothing(
    stage: Stage, marks: tuple[str, ...]
) -> None:
    person, visitor = await begun(stage)
    before = visitor.screen.asked
    after = await visitor.do(Do.NEXT, *marks)
    assert (after.view, after.asked) == (View.ITEM, before)
    assert await kept(stage, person) == []


async def test_skipping_refusing_and_not_applicable_are_kept_apart(stage: Stage) -> None:
    person, visitor = await begun(stage)
    await visitor.do(Do.SKIP)
    while visitor.screen.asked and not visitor.screen.asked.choices:
        await visitor.do(Do.NEXT)
    await visitor.do(Do.NEXT, "r")
    stored = [decode(each.value)[1] for each in await kept(stage, person)]
    assert sorted(filter(None, stored)) == [Missing.REFUSED, Missing.SKIPPED]


async def test_signing_off_is_asked_about_and_then_is_for_good(stage: Stage) -> None:
    person, visitor = await begun(stage)
    place = visitor.screen.asked
    assert (await visitor.do(Do.STOP)).view is View.STOP
    assert (await visitor.do(Do.AGAIN)).asked == place
    await visitor.do(Do.STOP)
    ended = await visitor.do(Do.STOP_FOR_GOOD)
    assert (ended.view, ended.cookie) == (View.WORDS, "")
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
        assert await interviews.live(tx, person) is None


async def test_safety_quick_exit_ends_the_session_and_keeps_what_was_answered(stage: Stage) -> None:
    person, visitor = await begun(stage)
    await visitor.do(Do.NEXT, "c0")
    cookie = visitor.cookie
    left = await visitor.do(Do.EXIT)
    assert (left.view, left.cookie) == (View.EXIT, "")
    visitor.cookie = cookie
    assert (await visitor.do(Do.START)).view is View.ELSEWHERE, "over, though the browser kept its cookie"
    assert len(await kept(stage, person)) == 1
    unknown = await Visitor(stage, "x" * 22).do(Do.EXIT)
    assert unknown == left


async def test_declining_is_this_waves_refusal_and_no_withdrawal(stage: Stage) -> None:
    person, visitor = await invited(stage)
    await visitor.do(Do.START)
    assert (await visitor.do(Do.DECLINE)).view is View.WORDS
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.ACTIVE
        assert (await invitations.of_participant(tx, person))[0].disposition is Disposition.REFUSAL


async def test_the_language_changes_in_the_middle_and_is_remembered(stage: Stage) -> None:
    person, visitor = await begun(stage)
    place = visitor.screen.asked
    assert place is not None
    for code in ("en", "sr_Cyrl", "sr_Latn"):
        shown = await visitor.do(Do.SPEAK, language=code)
        assert (shown.language, shown.asked and shown.asked.item) == (code, place.item)
        async with stage.service.database.reading() as tx:
            assert (await participants.get(tx, person)).language == code
    assert (await visitor.do(Do.SPEAK, language="xx")).language == "sr_Latn"


def test_words_of_danger_in_a_field_are_found_and_the_lines_stand_before_the_question() -> None:
    form, state = check_form(), start(check_form(), "sr_Latn", {}, NOW)
    while state.at != "days":
        code = REFUSE if form.instrument.item(str(state.at)).choices else ONWARD
        state = step(form, state, Pressed(state.turn, code), NOW).state
    standing = Standing(
        "sr_Latn", lambda name, _: f"[{name}]", NOW, form, Point.ITEMS, state, "tag", channel=Channel.PAGE
    )
    turn = decide(standing, Incoming(Channel.PAGE, "", Event.TEXT, "ne živi mi se"))
    assert [each.urgency for each in turn.findings] == [Urgency.URGENT]
    assert turn.reply is not None
    assert turn.reply.note == "[danger]"
    assert turn.changes == ()


async def test_a_purge_takes_the_links_too(stage: Stage) -> None:
    from surveys.steps.purge import purge  # noqa: PLC0415 - only here

    person, visitor = await begun(stage)
    async with stage.service.database.writing() as tx:
        await purge(tx, stage.service, person, "by:one", stage.now)
    async with stage.service.database.reading() as tx:
        assert await page_links.find(tx, visitor.token) is None
    assert await visitor.do(Do.START) == elsewhere()
