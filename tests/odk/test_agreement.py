"""Holds our forms to ODK's own engine, verdict by verdict, on a record of what that engine said. It never runs Node."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.model import Kind

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RECORD: dict[str, list[list[dict[str, Any]]]] = json.loads((HERE / "record.json").read_text(encoding="utf-8"))
FEWEST_FORMS, FEWEST_VERDICTS = 25, 10_000


@dataclass(frozen=True, slots=True)
class Compared:
    """One verdict of ODK's engine beside ours."""

    where: str
    odk: object
    ours: object

    def __str__(self) -> str:
        return f"{self.where}: ODK {self.odk!r}, ours {self.ours!r}"


def compared(name: str) -> Iterator[Compared]:
    """Every verdict on one form: all its runs, all their steps, all its nodes."""
    form = Form(compile_form(HERE / "forms" / f"{name}.md"))
    for number, run in enumerate(RECORD[name], 1):
        answers = {item.name: item.default for item in form.instrument.items if item.default}
        odk: dict[str, list[Any]] = {}
        for step, said in enumerate(run):
            if "set" in said:
                answers[said["set"][0]] = said["set"][1]
            odk |= said["now"]
            worked = form.evaluate(answers, NOW)
            # What was calculated stays beside the answers, as it does in an interview: once() looks at it.
            calculated = {item.name for item in form.instrument.items if item.kind is Kind.CALCULATE}
            answers |= {node: worked.values.get(node, "") for node in calculated & worked.relevant}
            yield from _at_step(form, f"{name} run {number} step {step}", odk, answers)


def _at_step(form: Form, where: str, odk: dict[str, list[Any]], answers: dict[str, str]) -> Iterator[Compared]:
    worked = form.evaluate(answers, NOW)
    for node, (relevant, value, constraint, required, *options) in odk.items():
        at = f"{where} {node}"
        yield Compared(f"{at} relevant", bool(relevant), node in worked.relevant)
        yield Compared(f"{at} value", *_alike(form.instrument.item(node).kind, value, worked.values.get(node, "")))
        if not relevant or form.instrument.item(node).kind is Kind.NOTE:
            continue
        problem = form.verdict(node, value, answers, NOW).problem
        yield Compared(f"{at} constraint", bool(constraint), problem != "constraint")
        yield Compared(f"{at} required", bool(required), problem != "required")
        if options:
            open_now = " ".join(choice.name for choice in form.choices(node, answers, NOW))
            yield Compared(f"{at} choices", options[0], open_now)


def _alike(kind: Kind, odk: str, ours: str) -> tuple[object, object]:
    """Typed decimals are compared as numbers: ODK writes 10 as 10.0, we keep what the person wrote."""
    if kind in (Kind.DECIMAL, Kind.RANGE) and odk and ours:
        return Decimal(odk), Decimal(ours)
    return odk, ours


@pytest.mark.parametrize("name", sorted(RECORD))
def test_every_verdict_is_odks(name: str) -> None:
    differing = [each for each in compared(name) if each.odk != each.ours]
    assert not differing, "\n".join(str(each) for each in differing[:20])


def test_how_many_verdicts_agree(capsys: pytest.CaptureFixture[str]) -> None:
    every = [each for name in RECORD for each in compared(name)]
    agree = sum(each.odk == each.ours for each in every)
    with capsys.disabled():
        print(f"\nODK's engine: {agree} of {len(every)} verdicts agree, {len(RECORD)} forms")
    assert agree == len(every)
    assert len(RECORD) >= FEWEST_FORMS
    assert len(every) >= FEWEST_VERDICTS


def test_every_form_is_in_the_record() -> None:
    assert {path.stem for path in (HERE / "forms").glob("*.md")} == set(RECORD)
