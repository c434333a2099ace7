"""Disclosure over whole reports: what is hidden cannot be had by subtraction, from one table or from several."""

import random
import re
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.block import DISPOSITIONS
from assessment.disclosure import SMALLEST, band
from assessment.figures import Assessed, figures
from assessment.indicators import Status, about_the_index, answered, favourable, status_of
from assessment.linked import Group, shown
from assessment.published import Figures, Flow, Level, NonViolence, Pairing, Split
from assessment.reading import SideData, Wave
from assessment.report import html
from assessment.rules import constructs
from tests.assessment.synthetic import answers_of

SIDES, CENTRES = ("survivors", "ex-perpetrators"), ("nis", "belgrade", "kragujevac")
People = frozenset[str]


def side(*rows: Wave) -> SideData:
    return SideData(rows)


def told(case: int | str, *, violent: bool = False, wave: str = "m3", **more: object) -> Wave:
    return Wave(f"C-{case}", str(more.get("centre", "nis")), wave, "complete", answers_of(violent=violent), "2027-02")


def row(found: Figures, who: str = "survivors", wave: str = "m3") -> int:
    return next(n for n, each in enumerate(found.non_violence) if (each.side, each.wave) == (who, wave))


def test_i18_how_many_men_there_are_tells_nothing_of_one_who_is_on_her_side_alone() -> None:
    his = [told(n) for n in range(60)]
    hers = [told(n, violent=n < 20) for n in range(50)]
    with_one = figures({"survivors": side(*hers, told("alone", violent=True)), "ex-perpetrators": side(*his)})
    assert with_one == figures({"survivors": side(*hers), "ex-perpetrators": side(*his)})
    assert with_one.men == 60


@pytest.mark.parametrize("violent", range(SMALLEST))
def test_i18_a_share_that_would_tell_of_under_five_is_a_band_which_is_the_same_for_each_of_them(violent: int) -> None:
    his = [told(n, violent=n % 2 == 0) for n in range(200)]
    for flip, said in ((False, 90), (True, -10)):
        hers = [told(n, violent=(n < violent) is not flip) for n in range(46)]
        found = figures({"survivors": side(*hers), "ex-perpetrators": side(*his)})
        shown_ = found.non_violence[row(found)]
        assert (shown_.share, shown_.low, shown_.high, shown_.in_contact) == (None, None, None, None)
        assert shown_.band == said
        assert {cell.count for cell in shown_.groups} == {None}


def test_i18_the_band_of_a_number_says_no_more_than_that_fewer_than_five_are_left() -> None:
    assert [band(n, 46) for n in (46, 42, 41, 5, 4, 0)] == [90, 90, None, None, -10, -10]
    assert band(30, 30) == 85


def test_i18_a_table_of_endings_has_every_ending_there_may_be_so_that_nobody_is_no_less_hidden_than_a_few() -> None:
    everybody = side(*(told(n) for n in range(40)))
    flow = figures({"survivors": everybody, "ex-perpetrators": everybody}).flows[0]
    assert [cell.name for cell in flow.ended] == list(DISPOSITIONS)
    assert {cell.count for cell in flow.ended} == {None}


def test_i18_unknown_answers_cannot_be_had_from_the_answered_and_the_known() -> None:
    hers = [told(n, violent=n < 20) for n in range(48)]
    silent = [Wave(f"C-{n}", "nis", "m3", "complete", {"threatened": "never"}) for n in (48, 49)]
    found = figures({"survivors": side(*hers, *silent), "ex-perpetrators": side(*(told(n) for n in range(90)))})
    assert found.non_violence[row(found)].answered == 48
    steps = {cell.name: cell.count for cell in found.flows[0].steps}
    assert steps["answered"] is None


def test_i18_a_third_part_is_hidden_where_two_and_the_whole_are_shown() -> None:
    sizes: dict[Hashable, int] = {"a": 50, "b": 40, "c": 3}
    groups = [Group("whole", frozenset("abc")), *(Group(each, frozenset(each)) for each in "abc")]
    assert set(shown(groups, sizes)) == {"whole", "a"}
    assert set(shown([groups[1], groups[2], groups[0]], sizes)) == {"a", "b"}


def _cohort(seed: int, men: int) -> dict[str, SideData]:
    """People of both sides and waves, of several centres and years, with a few of each rare kind."""
    chance = random.Random(seed)
    share, quiet = chance.uniform(0.2, 1), chance.uniform(0.05, 0.6)
    rows: dict[str, list[Wave]] = {each: [] for each in SIDES}
    for number in range(men):
        centre, due, violent = chance.choice(CENTRES), f"202{chance.choice('67')}-02", chance.random() < 0.3
        for who in SIDES:
            if who == "survivors" and chance.random() > share:
                continue
            for wave in ("m3", "m6"):
                rows[who].append(_wave(chance, f"C-{number}", centre, wave, due, violent, quiet))
    return {each: SideData(tuple(rows[each])) for each in SIDES}


def _wave(chance: random.Random, case: str, centre: str, wave: str, due: str, violent: bool, quiet: float) -> Wave:
    if chance.random() < quiet:
        return Wave(case, centre, wave, chance.choice(("expired", "expired", "refusal", "unsafe_to_contact")), {}, due)
    said = answers_of(violent=violent, apart=chance.random() < 0.15)
    said |= {} if chance.random() < 0.9 else {"against_will": ""}
    for each in constructs():  # in the questionnaire's order, so that who breaks off lies inside who goes on
        if chance.random() < 0.02:
            break
        said |= {each.item: sorted(each.favourable)[0] if chance.random() < 0.6 else "another"}
    known = {item: value for item, value in said.items() if value}
    return Wave(case, centre, wave, "complete" if chance.random() < 0.9 else "partial", known, due)


def published(found: Figures, sides: dict[str, SideData]) -> Iterator[tuple[str, People]]:
    """Every number of the report as the people whom it counts, worked out again from the rows."""
    men = sides["ex-perpetrators"].cases
    for flow, each in zip(found.flows, found.non_violence, strict=True):
        rows = {case: one for case, one in sides[flow.side].of(flow.wave).items() if case in men}
        splits = [one for one in found.splits if (one.side, one.wave) == (flow.side, flow.wave)]
        levels = [one for one in found.levels if (one.side, one.wave) == (flow.side, flow.wave)]
        told_ = (_of_flow(flow, rows), _of_indicator(each, rows), _of_splits(splits, rows), _of_levels(levels, rows))
        for people in chain(*told_):
            yield f"{flow.side} {flow.wave}", people


def across(found: Figures, sides: dict[str, SideData]) -> Iterator[tuple[str, People]]:
    """The same of what tells of two waves, or of both sides: changes and pairs, in each wave that they tell of."""
    men = sides["ex-perpetrators"].cases
    rows = {(who, wave): {case: one for case, one in sides[who].of(wave).items() if case in men}
            for who in SIDES for wave in ("m3", "m6")}  # fmt: skip
    for who, name, change in found.changes:
        construct = next(each for each in constructs() if (each.name, each.side) == (name, who))
        was, now = ({case: favourable(construct, one) for case, one in rows[who, wave].items() if answered(one)}
                    for wave in ("m3", "m6"))  # fmt: skip
        twice = {case for case in was if was[case] is not None and now.get(case) is not None}
        for number, some in ((change.people, twice), (change.better, {c for c in twice if now[c] and not was[c]}),
                             (change.worse, {c for c in twice if was[c] and not now[c]})):  # fmt: skip
            for wave in ("m3", "m6"):
                yield f"{who} {wave}", counted(number, some)
    for pair in found.pairs:
        for people in _of_pairs(pair, *(rows[who, pair.wave] for who in SIDES)):
            for who in SIDES:
                yield f"{who} {pair.wave}", people


def _of_pairs(pair: Pairing, hers: dict[str, Wave], his: dict[str, Wave]) -> Iterator[People]:
    if pair.agreement is None:
        return
    she, he = _statuses(hers), {case: one for case, one in _statuses(his).items() if about_the_index(his[case])}
    both = she.keys() & he.keys()
    yield counted(pair.agreement.pairs, both)
    harm = {(x, y): frozenset(c for c in both if (she[c] is Status.VIOLENT, he[c] is Status.VIOLENT) == (x, y))
            for x in (True, False) for y in (True, False)}  # fmt: skip
    yield from (harm[True, True], harm[False, False])
    if pair.agreement.kappa is not None:
        yield harm[True, False]


def _of_flow(flow: Flow, rows: dict[str, Wave]) -> Iterator[People]:
    for cell in (each for each in flow.ended if each.count is not None):
        yield counted(cell.count, {case for case, one in rows.items() if one.disposition == cell.name})
    for cell in (each for each in flow.steps if each.count is not None):
        yield counted(cell.count, _step(cell.name, rows))


def _of_indicator(each: NonViolence, rows: dict[str, Wave]) -> Iterator[People]:
    status = _statuses(rows)
    good = {case for case, one in status.items() if one is not Status.VIOLENT}
    if each.answered is not None:
        yield counted(each.answered, status)
    if each.share is not None:
        assert each.share.of == len(status)
        yield counted(each.share.count, good)
    for cell in (one for one in each.groups if one.count is not None):
        yield counted(cell.count, {case for case, one in status.items() if one == cell.name})


def _of_splits(splits: list[Split], rows: dict[str, Wave]) -> Iterator[People]:
    status = _statuses(rows)
    good = {case for case, one in status.items() if one is not Status.VIOLENT}
    for split in splits:
        here = {case for case, one in rows.items() if split.name in (one.centre, one.due[:4])}
        if split.answered is not None:
            yield counted(split.answered, {case for case in here if answered(rows[case])})
        if split.share is not None:
            yield counted(split.share.of, here & status.keys())
            yield counted(split.share.count, here & good)


def _of_levels(levels: list[Level], rows: dict[str, Wave]) -> Iterator[People]:
    for level in levels:
        construct = next(each for each in constructs() if (each.name, each.side) == (level.construct, level.side))
        said = {case: favourable(construct, one) for case, one in rows.items() if answered(one)}
        if level.share is not None:
            yield counted(level.share.of, {case for case, each in said.items() if each is not None})
            yield counted(level.share.count, {case for case, each in said.items() if each})


def _statuses(rows: dict[str, Wave]) -> dict[str, Status]:
    every = {case: status_of(one) for case, one in rows.items() if answered(one)}
    return {case: one for case, one in every.items() if one is not Status.UNKNOWN}


def counted(number: int | None, people: Iterable[str]) -> People:
    """These people, who are as many as the report says."""
    found = frozenset(people)
    assert number == len(found)
    return found


def _step(name: str, rows: dict[str, Wave]) -> People:
    gone, unsafe = ("deceased", "in_custody", "moved_abroad"), ("unsafe_to_contact", "not_reconfirmed")
    left_out = {"study": (), "eligible": gone, "safe": gone + unsafe, "consented": gone + unsafe,
                "asked": (*gone, *unsafe, "non_contact", "planned")}  # fmt: skip
    if name == "answered":
        return frozenset(case for case, each in rows.items() if answered(each))
    return frozenset(case for case, each in rows.items() if each.disposition not in left_out[name])


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(10, 260))
def test_i18_no_group_of_under_five_follows_from_the_numbers_of_a_whole_report(seed: int, men: int) -> None:
    """Every sum and difference of up to three published numbers of one wave that is a group of people."""
    sides = _cohort(seed, men)
    refuse_small_groups(told_of(sides, figures(sides)))


def told_of(sides: dict[str, SideData], found: Figures) -> dict[str, set[People]]:
    """By wave of a side, whom the report's numbers count; everybody is known of each."""
    by_wave: dict[str, set[People]] = {}
    for name, people in chain(published(found, sides), across(found, sides)):
        by_wave.setdefault(name, {frozenset(sides["ex-perpetrators"].cases)}).add(people)
    return by_wave


def refuse_small_groups(by_wave: dict[str, set[People]]) -> None:
    """AssertionError where one to four people follow from up to three numbers that tell of one wave."""
    for groups in by_wave.values():
        places = {case: 1 << place for place, case in enumerate(frozenset().union(*groups))}
        bits = sorted({sum(places[case] for case in group) for group in groups if group})
        assert all(each.bit_count() >= SMALLEST for each in bits)
        for whole in bits:
            inside = [each for each in bits if each & whole == each and each != whole]
            for part in inside:
                rest = whole ^ part
                assert rest.bit_count() >= SMALLEST
                assert all((rest ^ other).bit_count() >= SMALLEST for other in inside if other & rest == other != rest)


def test_a_picture_tells_whole_percents_and_nothing_beside_them() -> None:
    people = side(*(told(n, violent=n % 7 < 3) for n in range(313)))
    text = html(figures({"survivors": people, "ex-perpetrators": people}), "en")
    picture = re.search(r"<svg.*</svg>", text, re.DOTALL)
    assert picture is not None
    places = re.findall(r"translate\(([^)]+)\)|x2=\"([^\"]+)\"", picture[0])
    assert places
    assert not re.search(r"\.\d{2}", str(places)), "a place in the picture is more exact than a percent"
    assert not re.search(r"aria-label", picture[0])


def test_what_the_evaluators_memory_keeps_is_whom_the_published_numbers_count() -> None:
    sides = _cohort(5, 200)
    assessed = Assessed(sides)
    counted_ = assessed.counted()
    for block in assessed.blocks:
        for name, number in block.numbers.items():
            if name != "men":
                assert counted_[f"{block.side}/{block.wave}/{name}"].sum() == number
