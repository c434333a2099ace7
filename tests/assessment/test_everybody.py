"""What a report says of everybody on a side: messages, their cost, endings and withdrawals; nothing follows from it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.disclosure import SMALLEST
from assessment.everybody import Costs
from assessment.figures import Assessed
from assessment.reading import ExportRefused, SideData, Wave, read_side
from assessment.report import html
from surveys.records.evaluators import read_evaluators_private
from surveys.rules.suppression import shown_number
from tests.assessment.synthetic import Person, answers_of, keys, write_export
from tests.assessment.test_linked import told


def _side(complete: int, expired: int, **more: object) -> SideData:
    rows = [told(n, violent=n % 3 == 0) for n in range(complete)]
    rows += [Wave(f"C-{complete + n}", "nis", "m3", "expired", {}, "2027-02") for n in range(expired)]
    return SideData(tuple(rows), **more)  # type: ignore[arg-type]


def _report(data: SideData, costs: Costs | None = None) -> str:
    return html(Assessed({"survivors": data, "ex-perpetrators": data}, None, costs or Costs()).figures(), "en")


def test_messages_their_number_for_an_answer_and_their_cost_are_said() -> None:
    data = _side(60, 30, contacts={"notice": 203, "reminder": 97})
    text = _report(data, Costs(9.5))
    assert "invitations: 200; reminders: 100 (rounded to ten)" in text
    assert "The messages cost about 2,850 dinars" in text
    assert "dinars" not in _report(data)


def test_who_withdrew_is_said_beside_the_study_with_aapors_name() -> None:
    data = _side(60, 30, endings={("m3", "withdrawn"): 15, ("m3", "complete"): 75})
    text = _report(data)
    assert '<tr><th scope="row">withdrawn</th><td>refusal and break-off (R)</td><td>15</td>' in text
    assert '<tr><th scope="row">complete response</th><td>complete interview (I)</td><td>75</td>' in text


def test_i18_of_fewer_than_ten_people_no_ending_and_no_message_is_counted_either() -> None:
    rows = [Wave(f"C-{n}", "nis", "m6", "planned" if n < 5 else "expired", {}, "2027-05") for n in range(8)]
    text = _report(SideData(tuple(rows), endings={("m6", "planned"): 5}, contacts={"notice": 20}))
    assert "Fewer than ten people: no number is published." in text
    assert not re.search(r"<td>\d", text)
    assert "invitations: 20" not in text


def test_the_period_is_said_in_words() -> None:
    assert "from February 2027 to February 2027" in _report(_side(60, 30))
    data = _side(60, 30)
    assert "од фебруара 2027. до" in html(Assessed({"survivors": data, "ex-perpetrators": data}).figures(), "sr_Cyrl")


def test_where_nothing_is_known_of_everybody_a_sentence_says_so() -> None:
    text = _report(_side(60, 30))
    assert "How many people withdrew is not said here" in text
    assert text.count("the number of messages is not known") == 2


@settings(deadline=None, max_examples=40)
@given(st.integers(20, 90), st.integers(0, 60), st.integers(0, 40), st.integers(0, 40))
def test_i18_no_rounded_number_of_everybody_tells_that_one_to_four_are_beside_the_study(
    complete: int, expired: int, beside: int, unanswered: int
) -> None:
    """Whoever knows how numbers are rounded learns of surely one to four people by no subtraction."""
    everybody = {"complete": complete + beside, "expired": expired + unanswered}
    endings = {("m3", name): shown_number(number) for name, number in everybody.items()}
    data = _side(complete, expired, endings={place: n for place, n in endings.items() if n},
                 contacts={"notice": sum(everybody.values())})  # fmt: skip
    found = Assessed({"survivors": data, "ex-perpetrators": data}).figures()
    flow = found.flows[0]
    study = {cell.name: cell.count for cell in flow.ended}
    asked = next(cell.count for cell in flow.steps if cell.name == "asked")
    pairs = [(cell.count, study[cell.name], 2) for cell in found.everybody[0].cells]
    pairs += [(found.contacts[0].sent[0].count, asked, 5)]
    for number, inside, half in pairs:
        if number is not None and inside is not None:
            assert not 0 < number - half - inside < SMALLEST


def test_an_export_is_read_with_what_it_says_of_everybody_and_a_damaged_number_is_refused(tmp_path: Path) -> None:
    public, key = keys(tmp_path / "evaluators")
    people = [Person(f"C-{n}", "m3", "complete", answers_of(violent=False)) for n in range(3)]
    folder = write_export(tmp_path / "his", people, public)
    (folder / "dispositions.csv").write_text("wave,disposition,count\nm3,withdrawn,15\nm3,deceased,\n")
    (folder / "contacts.csv").write_text("kind,sent\nnotice,40\nreminder,\n")
    data = read_side(folder, read_evaluators_private(key))
    assert (data.endings, data.contacts) == ({("m3", "withdrawn"): 15}, {"notice": 40})
    (folder / "contacts.csv").write_text("kind,sent\nnotice,many\n")
    with pytest.raises(ExportRefused, match="damaged"):
        read_side(folder, read_evaluators_private(key))
