"""The words of the report, in the catalogues' languages. It says what a figure means, never more than it does."""

from collections.abc import Mapping
from types import MappingProxyType

from surveys.language.catalogue import mark, number_text, say

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "survivors": mark("жене"), "ex-perpetrators": mark("мушкарци, о себи"),
        "m3": mark("три месеца"), "m6": mark("шест месеци"),
        "non_violent": mark("без насиља"), "violent": mark("било је насиља"), "no_contact": mark("без контакта"),
        "unknown": mark("непознато"), "behaviour": mark("понашање"), "power_relations": mark("слобода одлучивања"),
        "say_in_decisions": mark("уважавање мишљења"), "safety": mark("осећај безбедности"), "fear": mark("без страха"),
        "complete": mark("потпун одговор"), "partial": mark("делимичан одговор"), "refusal": mark("одбијено"),
        "break_off": mark("прекинуто"), "non_contact": mark("без контакта"),
        "unsafe_to_contact": mark("није безбедно јављати се"), "not_reconfirmed": mark("није потврђено на време"),
        "in_custody": mark("у притвору или затвору"), "moved_abroad": mark("у иностранству"),
        "deceased": mark("преминуло лице"), "withdrawn": mark("одустанак"), "expired": mark("рок је истекао"),
        "planned": mark("планирано"), "open": mark("отворено"),
    }
)  # fmt: skip


class Words:
    """One language of a report."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say_(self, message: str, /, **values: object) -> str:
        """A message of the catalogue in this language."""
        return say(self.language, message, **values)

    def name(self, code: str) -> str:
        """A code in words; one that is not known (a centre) as it is."""
        return say(self.language, NAMES[code]) if code in NAMES else code

    def percent(self, part: float | None) -> str:
        """A share in whole percent: nothing is published more exactly."""
        return "–" if part is None else f"{number_text(self.language, round(100 * part))}%"

    def count(self, number: int | None) -> str:
        """A count, or a dash where it is hidden."""
        return "–" if number is None else number_text(self.language, number)
