"""What each table and figure of the report means, in plain words. It never says more than the numbers do."""

from collections.abc import Sequence

from assessment.published import Cell, Contacts, Figures, Missing, NonViolence, Pairing, Programme, Split
from assessment.statistics import Change
from assessment.words import Words

SHORT = 20
"""Percentage points between the bounds from which on the reader is told why they are so far apart."""


class Sentences:
    """The sentences of one language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def people(self, found: Figures) -> str:
        """Whom the report is about, and where that number comes from."""
        words = self._words
        if found.men is None:
            return words.say_("Мање од десет људи: ниједан број се не објављује.")
        completed = found.programme.completed if found.programme and not found.programme.example else None
        if completed == found.men:
            return words.say_("Програм је, по записима центара, завршило {n} људи.", n=words.count(found.men))
        return words.say_(
            "У испитивању је {n} људи. Колико их је завршило програм, без записа центара се не зна, па и границе важе "
            "за људе у испитивању.", n=words.count(found.men),
        )  # fmt: skip

    def indicator(self, row: NonViolence) -> str:
        """What one row of the indicator means."""
        words = self._words
        if row.band is not None:
            return words.say_(
                "Удео без насиља: {share}. Тачан број се не објављује, јер би открио групу мању од пет особа.",
                share=words.edge(row.band),
            )
        if row.share is None:
            return words.say_("Мање од 30 одговора, или би број открио малу групу: удео се не објављује.")
        said = words.say_(
            "Исход је познат код њих {of}; насиља није било код {share} (95% интервал од {low} до {high}).",
            of=words.count(row.share.of), share=words.percent(row.share.value), low=words.percent(row.share.low),
            high=words.percent(row.share.high),
        )  # fmt: skip
        return said if row.low is None or row.high is None else f"{said} {self._bounds(row.low, row.high)}"

    def _bounds(self, low: float, high: float) -> str:
        words = self._words
        said = words.say_(
            "Да се зна исход код свих који су завршили програм, удео би био између {low} и {high}.",
            low=words.percent(low), high=words.percent(high),
        )  # fmt: skip
        if round(100 * (high - low)) <= SHORT:
            return said
        wide = words.say_(
            "Толика је неизвесност због оних чији исход није познат: нису питани, нису пристали или нису одговорили."
        )
        return f"{said} {wide}"

    def headline(self, found: Figures) -> str | None:
        """The report in one sentence: what women say at the last wave that may be told."""
        for row in sorted(found.non_violence, key=lambda each: each.wave, reverse=True):
            if row.side == "survivors" and row.share is not None:
                head = self._words.say_("Шта кажу жене, {wave} касније:", wave=self._words.name(row.wave))
                return f"{head} {self.indicator(row)}"
        return None

    def programme(self, row: Programme) -> str:
        """Completion and non-violence while the programme lasted."""
        words, said = self._words, []
        if row.completion is not None:
            said.append(words.say_(
                "Завршило је {share} оних који су примљени; циљ је 80%.", share=words.percent(row.completion.value)
            ))  # fmt: skip
        if row.during is not None:
            said.append(words.say_(
                "Док је програм трајао, без насиља је било {share} праћених.", share=words.percent(row.during.value)
            ))  # fmt: skip
        said.append(words.say_(
            "Завршетак, ненасиље током програма и ненасиље после њега три су различите ствари. Они који су напустили "
            "програм нису праћени."
        ))  # fmt: skip
        return " ".join(said)

    def columns(self, found: Figures) -> list[str]:
        """Headings of the table of endings: one for each side and wave."""
        words = self._words
        return [f"{words.group(each.side)}, {words.name(each.wave)}" for each in found.flows]

    def endings(self, columns: Sequence[Sequence[Cell]]) -> list[tuple[str, list[int | None]]]:
        """Endings that some column may show; a row that is hidden everywhere is left out, whatever is in it."""
        rows = ((cells[0].name, [cell.count for cell in cells]) for cells in zip(*columns, strict=True))
        return [(name, counts) for name, counts in rows if any(count is not None for count in counts)]

    def contacts(self, row: Contacts) -> str:
        """How often one side was written to, and what that cost."""
        words = self._words
        name = words.group(row.side)
        if all(cell.count is None for cell in row.sent):
            return words.say_("{side}: број порука није познат, или је премали да би се објавио.", side=name)
        kinds = "; ".join(f"{words.name(each.name)}: {words.count(each.count)}" for each in row.sent)
        said = [words.say_("{side}: {kinds} (заокружено на десет).", side=name, kinds=kinds)]
        if row.for_an_answer is not None:
            number = words.decimal(row.for_an_answer)
            said.append(words.say_("На један одговор дошло је порука: {n}.", n=number))
        if row.cost is not None:
            said.append(words.say_("Поруке су коштале око {n} динара.", n=words.count(round(row.cost))))
        return " ".join(said)

    def told(self, splits: Sequence[Split], by: str) -> list[Split]:
        """The centres, or years, of which something may be told."""
        return [each for each in splits if each.by == by and (each.answered is not None or each.share is not None)]

    def rates(self, found: Figures) -> list[tuple[str, list[float | None]]]:
        """AAPOR's rates by name, one share for each side and wave."""
        names = [name for name, _ in found.flows[0].rates]
        return [(name, [dict(flow.rates)[name] for flow in found.flows]) for name in names]

    def change(self, row: Change) -> str:
        """By how much the favourable share changed, in points, with its interval."""
        words = self._words
        return words.say_("{by} ({low} до {high})", by=_points(row.by), low=_points(row.low), high=_points(row.high))

    def answering(self, found: Figures) -> list[str]:
        """How many answered, of those in the study, one sentence for each wave of a side that may be told."""
        rates = [(flow, dict(flow.rates)["RR2"]) for flow in found.flows]
        return [
            _first_large(self._words.say_(
                "{side}, {wave}: одговорило је {share} оних у испитивању.", side=self._words.group(flow.side),
                wave=self._words.name(flow.wave), share=self._words.percent(rate),
            )) for flow, rate in rates if rate is not None
        ]  # fmt: skip

    def levels(self, found: Figures) -> list[str]:
        """For each side at its last wave: what is favourable most often, and what most rarely."""
        said = []
        for side in dict.fromkeys(each.side for each in found.levels):
            rows = [each for each in found.levels if each.side == side and each.share]
            last = [each for each in rows if each.wave == max(one.wave for one in rows)]
            ordered = sorted((each.share.value, each.construct, each.wave) for each in last if each.share)
            if len(ordered) > 1:
                said.append(self._most_and_least(side, ordered))
        return said

    def _most_and_least(self, side: str, ordered: Sequence[tuple[float, str, str]]) -> str:
        words, (least, rare, wave), (most, often, _) = self._words, ordered[0], ordered[-1]
        return _first_large(words.say_(
            "{side}, {wave}: најчешће је повољно „{often}“ ({most}), најређе „{rare}“ ({least}).",
            side=words.name(side), wave=words.name(wave), often=words.name(often), most=words.percent(most),
            rare=words.name(rare), least=words.percent(least),
        ))  # fmt: skip

    def changes(self, found: Figures) -> str:
        """Which of the changes are more than chance would give, or that none is."""
        words = self._words
        clear = [f"{words.name(construct)} ({words.name(side)})" for side, construct, row in found.changes
                 if row.low > 0 or row.high < 0]  # fmt: skip
        if not clear:
            return words.say_("Ниједна промена није јасна: сваки интервал обухвата нулу.")
        return words.say_("Интервал не обухвата нулу за: {clear}.", clear="; ".join(clear))

    def pairs(self, row: Pairing) -> str:
        """What agreement means."""
        words, found = self._words, row.agreement
        if found is None:
            return words.say_("Премало парова, или би број открио малу групу.")
        return words.say_(
            "Од {n} парова, исто каже {same}. Где се искази разликују, исказ жене остаје главна мера.",
            n=words.count(found.pairs), same=words.percent(found.same),
        )  # fmt: skip

    def missing(self, row: Missing) -> str:
        """How those who did not answer elsewhere differ."""
        words = self._words
        if row.there is None or row.gone is None:
            return words.say_("Премало људи за поређење, или би број открио малу групу.")
        return words.say_(
            "Без насиља: {there} међу њима, {gone} међу осталима.",
            there=words.percent(row.there.value), gone=words.percent(row.gone.value),
        )  # fmt: skip


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _points(share: float) -> str:
    number = round(100 * share)
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"
