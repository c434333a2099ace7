"""Nothing is ever sent to police or to him: who may be told of an alert, and by which code alone anybody is told."""

import re
from datetime import timedelta

import pytest

from surveys.library import load_library
from surveys.rules.vocabulary import Side
from surveys.steps.authorities import MINISTRY, is_authority, is_public_line
from surveys.steps.escalate import escalate
from tests.architecture.tree import ROOT
from tests.steps.on_call import ROWS, Duty, attested
from tests.steps.stage import Stage

POLICE = [
    "Полицијска управа Ниш", "policijska stanica", "POLICE", "dezurni@mup.gov.rs", "Ana, MUP", "pu_nis@mup.example",
    "Javno tužilaštvo", "Tuzilac", "pisarnica@nis.jt.rs", "Ministarstvo unutrašnjih poslova",
]  # fmt: skip
WORKERS = ["Jelena Stanković", "Savetovalište", "mupica@example.org", "Ana Polić", "policy@example.org", "Kuća"]


@pytest.mark.parametrize("text", POLICE)
def test_safety_police_and_prosecutors_are_known_by_name_and_address(text: str) -> None:
    assert is_authority(text)


@pytest.mark.parametrize("text", WORKERS)
def test_a_workers_name_or_address_is_no_authoritys(text: str) -> None:
    assert not is_authority(text)


@pytest.mark.parametrize("number", ["192", "194", "112", "+381 192", "0800 100 600", "+381800100600", "00381800100600"])
def test_safety_emergency_lines_and_the_ministrys_are_nobodys_on_call(number: str) -> None:
    assert is_public_line(number)


@pytest.mark.parametrize("number", ["+381641234567", "064 123 4567", "+381112345678", "0800 222 003", "+436601234567"])
def test_another_number_may_be_on_call(number: str) -> None:
    assert not is_public_line(number)


def test_the_ministrys_line_is_the_one_that_she_is_shown() -> None:
    shown = {each.name: each.number for each in load_library(Side.SURVIVORS).helplines}
    assert shown["interior_ministry"].replace(" ", "") == MINISTRY


async def test_safety_an_alert_is_told_to_nobody_but_the_on_call_list_and_the_host_organisation(stage: Stage) -> None:
    await attested(stage.service.database, stage.now)
    await stage.enrol(centre="nis")
    duty = Duty(stage)
    await duty.drill()
    for _ in range(9):
        await escalate(stage.service, duty.by, lambda: stage.now)
        stage.now += timedelta(days=1)
    told = {address for address, _, _ in duty.told.said}
    assert told == {row["name"] for row in ROWS if row["centre"] in ("nis", "*")} | {"host"}


def test_safety_only_the_escalation_says_who_is_told_and_reads_it_off_the_on_call_list_alone() -> None:
    """A page or a message to anybody else would be another place that plans or pages."""
    packages = ("surveys", "bot", "scheduler", "staff", "posle", "web")
    sources = {
        str(file.relative_to(ROOT)): file.read_text("utf-8") for p in packages for file in (ROOT / p).rglob("*.py")
    }
    planning = {name for name, text in sources.items() if re.search(r"\bcallouts\.plan\(|\bNewCallout\(", text)}
    paging = {name for name, text in sources.items() if re.search(r"\.page\(\s", text) or ".page(service" in text}
    assert planning == {"surveys/steps/escalate.py"}
    assert paging == {"surveys/steps/escalate.py"}
    plan = sources["surveys/steps/escalate.py"].partition("async def _climb")[2].partition("async def tell")[0]
    assert "told_next(rota, alert.centre" in plan
    assert plan.count("callouts.plan(") == 1
