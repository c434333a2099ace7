"""The words of the report, in the catalogues' languages. It says what a figure means, never more than it does."""

from collections.abc import Mapping
from types import MappingProxyType

from surveys.language.catalogue import mark, month_text, number_text, say
from surveys.language.cyrillic import to_cyrillic
from surveys.rules.disposition import Family, family
from surveys.rules.vocabulary import Disposition, Missing

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "survivors": mark("жене"), "ex-perpetrators": mark("мушкарци, о себи"),
        "men": mark("мушкарци"),
        "m3": mark("три месеца"), "m6": mark("шест месеци"),
        "non_violent": mark("без насиља"), "violent": mark("било је насиља"), "no_contact": mark("без контакта"),
        "unknown": mark("непознато"), "behaviour": mark("понашање"), "power_relations": mark("слобода одлучивања"),
        "say_in_decisions": mark("уважавање мишљења"), "safety": mark("осећај безбедности"), "fear": mark("без страха"),
        "no_insults": mark("без увреда и понижавања"), "no_control": mark("без контроле и надзора"),
        "decisions_together": mark("одлуке договором"), "can_disagree": mark("неслагање без страха, како он види"),
        "responsibility": mark("преузета одговорност"), "use_of_learning": mark("заустављање у љутњи"),
        "complete": mark("потпун одговор"), "partial": mark("делимичан одговор"), "refusal": mark("одбијено"),
        "break_off": mark("прекинуто"), "non_contact": mark("порука није могла да стигне"),
        "unsafe_to_contact": mark("није безбедно јављати се"), "not_reconfirmed": mark("није потврђено на време"),
        "in_custody": mark("у притвору или затвору"), "moved_abroad": mark("у иностранству"),
        "deceased": mark("преминуло лице"), "withdrawn": mark("одустанак"), "expired": mark("рок је истекао"),
        "planned": mark("планирано"), "open": mark("отворено"),
        "started": mark("почело"), "assessed": mark("процењено"), "admitted": mark("примљено"),
        "completed": mark("завршило"), "dropped_out": mark("напустило"),
        "study": mark("у испитивању"), "eligible": mark("доступно"), "safe": mark("безбедно јавити се"),
        "consented": mark("пристанак на снази"), "asked": mark("позвано"), "answered": mark("одговорило"),
        "notice": mark("позиви"), "reminder": mark("подсетници"),
        "RR1": mark("стопа потпуних одговора"), "RR2": mark("стопа одговора"), "REF1": mark("стопа одбијања"),
        "other": mark("исход познат и с друге стране пара"), "followed": mark("исход познат и у другом таласу"),
    }
)  # fmt: skip


FAMILIES: Mapping[Family, tuple[str, str]] = MappingProxyType(
    {
        Family.INTERVIEW: (mark("интервју"), "I"), Family.PARTIAL_INTERVIEW: (mark("делимичан интервју"), "P"),
        Family.REFUSAL: (mark("одбијање и прекид"), "R"), Family.NON_CONTACT: (mark("без контакта с особом"), "NC"),
        Family.OTHER: (mark("друго"), "O"), Family.UNKNOWN: (mark("непознато"), "UO"),
    }
)  # fmt: skip
"""AAPOR's families of endings, with AAPOR's letters."""


class Words:
    """One language of a report. `centres` are the centres' names by their codes."""

    def __init__(self, language: str, centres: Mapping[str, str] = MappingProxyType({})) -> None:
        self.language, self._centres = language, centres

    def say_(self, message: str, /, **values: object) -> str:
        """A message of the catalogue in this language."""
        return say(self.language, message, **values)

    def group(self, side: str) -> str:
        """Who a side's people are, where nothing is said about what they say."""
        return self.name("men" if side == "ex-perpetrators" else side)

    def name(self, code: str) -> str:
        """A code in words; a centre by its name; one that is not known in the report's letters, where it has them."""
        if code in NAMES:
            return say(self.language, NAMES[code])
        return self._centres.get(code) or (self.language == CYRILLIC and to_cyrillic(code)) or code

    def month(self, month: str) -> str:
        """A month like 2027-02 in words."""
        return month_text(self.language, int(month[:4]), int(month[5:7]))

    def family(self, ending: str) -> str:
        """AAPOR's name for an ending, with its letters; a wave that goes on has none."""
        if ending not in list(Disposition):
            return self.say_("још траје")
        name, letters = FAMILIES[family(Disposition(ending))]
        return f"{self.say_(name)} ({letters})"

    def percent(self, part: float | None) -> str:
        """A share in whole percent: nothing is published more exactly."""
        return DASH if part is None else f"{number_text(self.language, round(100 * part))}%"

    def between(self, low: float | None, high: float | None) -> str:
        """An interval in whole percent, or one dash."""
        return DASH if low is None or high is None else f"{self.percent(low)} – {self.percent(high)}"

    def edge(self, band: int) -> str:
        """A band: at least, or at most."""
        if band > 0:
            return self.say_("{share} или више", share=f"{number_text(self.language, band)}%")
        return self.say_("{share} или мање", share=f"{number_text(self.language, -band)}%")

    def decimal(self, number: float | None) -> str:
        """A number with two decimals, or a dash."""
        point = number_text(self.language, 0.5)[1:2]
        return DASH if number is None else f"{number:.2f}".replace(".", point)

    def p_value(self, p: float) -> str:
        """p with two decimals, or that it is smaller."""
        return f"<{number_text(self.language, 0.01)}" if p < SMALLEST_P else self.decimal(p)

    def count(self, number: int | None) -> str:
        """A count, or a dash where it is hidden."""
        return DASH if number is None else number_text(self.language, number)


CYRILLIC = "sr_Cyrl"
DASH, SMALLEST_P = "–", 0.01

MISSING: Mapping[Missing, str] = MappingProxyType(
    {
        Missing.SKIPPED: mark("прескочено"), Missing.REFUSED: mark("одбијено"),
        Missing.NOT_APPLICABLE: mark("не односи се"), Missing.NOT_REACHED: mark("није се стигло"),
        Missing.UNSAFE_TO_ASK: mark("није безбедно питати"),
    }
)  # fmt: skip
YES, NO = mark("да"), mark("не")
