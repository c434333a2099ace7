"""`posle doctor` on SMS: the provider's own replies, segments and price of notices and of whole interviews."""

import asyncio
from dataclasses import replace as replace_in
from datetime import date
from pathlib import Path

import pytest

from posle.enrolling import letters
from posle.opening import opened
from posle.settings import load_settings
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.vocabulary import SmsScript
from surveys.steps.alarm import open_task
from surveys.steps.enrolment import read_enrolment
from tests.posle.conftest import Posle
from tests.posle.test_doctor import add, replace, verdicts
from tests.posle.test_settings import ACCOUNT, AUTH
from tests.steps.stage import START, given

SMS = f"""[sms]
account_sid = "{ACCOUNT}"
auth_token = "{AUTH}"
sender = "+381601112223"
two_way = true
segment_price = 0.25
"""
SWITCHED_OFF = "provider_auto_reply_off = true\n"


def test_two_way_is_wrong_while_the_providers_own_replies_may_be_on(his: Path, posle: Posle) -> None:
    add(his, SMS)
    status, found = verdicts(posle, his)
    assert (status, found["sms"]) == (1, "wrong")
    add(his, SWITCHED_OFF)
    status, found = verdicts(posle, his)
    assert (status, found["sms"], found["sms auto-reply"]) == (0, "ok", "ok")


async def seen_to_answer(folder: Path) -> None:
    async with opened(folder) as (_, database), database.writing() as tx:
        await open_task(tx, NewTask(EVERY_CENTRE, "sms_auto_reply", "provider"), START)


def test_a_provider_that_was_seen_to_answer_is_wrong_whatever_the_settings_say(his: Path, posle: Posle) -> None:
    add(his, SMS + SWITCHED_OFF)
    asyncio.run(seen_to_answer(his))
    status, found = verdicts(posle, his)
    assert (status, found["sms auto-reply"]) == (1, "wrong")


def test_a_notice_that_takes_more_than_one_segment_is_wrong(his: Path, posle: Posle) -> None:
    add(his, SMS.replace("two_way = true", "two_way = false"))
    assert verdicts(posle, his)[1]["sms segments"] == "ok"
    replace(his, "[side]\n", f'[side]\npublic_url = "https://{"a" * 60}.{"b" * 60}.example.org"\n')
    status, found = verdicts(posle, his)
    assert (status, found["sms segments"]) == (1, "wrong")


@pytest.mark.parametrize("two_way", [True, False])
def test_it_says_segments_and_price_of_notices_and_of_interviews_by_language(
    his: Path, posle: Posle, two_way: bool
) -> None:
    add(his, SMS.replace("two_way = true", f"two_way = {str(two_way).lower()}") + SWITCHED_OFF)
    said = next(line for line in posle("doctor", his).out.splitlines() if line.startswith("sms segments"))
    assert "1 segment a notice" in said
    assert "USD in all" in said
    assert ("sr_Cyrl: " in said) is two_way
    assert ("en: " in said) is two_way


def test_enrolment_says_what_whole_letters_cost_and_what_goes_in_plain_ones(his: Path) -> None:
    add(his, SMS + SWITCHED_OFF)
    settings, today = load_settings(his), date(2027, 3, 1)
    man = given(channel="sms", phone="+381641234567", language="sr_Cyrl", completed_on="2026-12-01")
    plain = read_enrolment(man, today=today, centres={"kragujevac": ()}, languages=("sr_Cyrl",))
    assert letters(settings, plain) == {}
    told = letters(settings, replace_in(plain, sms_script=SmsScript.CYRILLIC))["sms"]
    assert (told["script"], told["notices"]) == ("cyrillic", "cyrillic")
    assert 0 < told["questions_ascii"] < told["questions"]
    assert told["price"] == told["segments"] * 0.25
