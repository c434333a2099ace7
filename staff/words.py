"""What the console says: gettext messages, and the codes of the core in words, in the reader's own language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from zoneinfo import ZoneInfo

from surveys.language.catalogue import date_long, mark, number_text, say, say_count

LANG = {"sr_Cyrl": "sr-Cyrl", "sr_Latn": "sr-Latn", "en": "en"}
"""HTML's `lang`, which also chooses the Serbian forms of Cyrillic letters."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "active": mark("учествује"), "suspended": mark("привремено заустављено"), "withdrawn": mark("одустанак"),
        "in_custody": mark("у притвору или затвору"), "moved_abroad": mark("у иностранству"),
        "deceased": mark("преминуло лице"), "purged": mark("обрисано"),
        "telegram": "Telegram", "sms": "SMS", "phone": mark("телефон"), "page": mark("страница"),
        "contact": mark("јављање"), "evaluation": mark("оцена програма"), "call": mark("позив"),
        "skipped": mark("прескочено"), "refused": mark("без одговора по жељи"),
        "not_applicable": mark("не односи се"), "not_reached": mark("није се стигло"),
        "unsafe_to_ask": mark("није безбедно питати"),
        "complete": mark("потпун одговор"), "partial": mark("делимичан одговор"), "refusal": mark("одбијено"),
        "break_off": mark("прекинуто"), "non_contact": mark("без контакта"),
        "unsafe_to_contact": mark("није безбедно јављати се"), "not_reconfirmed": mark("није потврђено на време"),
        "expired": mark("рок је истекао"), "unknown": mark("непознато"),
        "urgent": mark("хитно"), "alert": mark("узбуна"), "task": mark("задатак"),
        "open": mark("отворено"), "acknowledged": mark("преузето"), "closed": mark("затворено"),
        "planned": mark("планирано"), "claimed": mark("шаље се"), "sent": mark("послато"),
        "failed": mark("није послато"), "cancelled": mark("отказано"),
        "notice": mark("позив на анкету"), "reminder": mark("подсетник"), "reply": mark("одговор"),
        "acknowledgement": mark("потврда"),
        "worker": mark("радник"), "coordinator": mark("координатор"), "evaluator": mark("оцењивач"),
        "administrator": mark("администратор"), "invited": mark("позив послат"),
        "side": mark("цела страна"), "centre": mark("центар"), "person": mark("особа"),
        "week": mark("за недељу дана"), "three_weeks": mark("за три недеље"), "later": mark("касније од три недеље"),
        "m0": mark("крај програма"), "m3": mark("три месеца"), "m6": mark("шест месеци"),
        "female": mark("женски"), "male": mark("мушки"),
        "late_entry": mark("датум завршетка унет касно"), "not_bound": mark("веза још није отворена"),
        "unknown_send": mark("не зна се да ли је порука стигла"), "undeliverable": mark("порука не може да стигне"),
        "wrong_number": mark("погрешан број"), "wants_help": mark("жели помоћ или разговор"),
        "poison": mark("порука није могла да се обради"), "blocked": mark("бот је блокиран"),
        "side_held": mark("слање је заустављено за целу страну"),
        "centre_held": mark("слање је заустављено за центар"), "person_held": mark("слање је заустављено за особу"),
        "no_contact": mark("нема проверене адресе"), "contact_suspended": mark("адреса је заустављена"),
        "no_consent": mark("нема пристанка"),
        "answered": mark("већ је одговорено"), "wave_over": mark("круг је завршен"),
        "too_late": mark("прекасно"), "other_channel": mark("изабран је други начин"),
        "other_course": mark("припада ранијем програму"), "cap_of_the_day": mark("дневна граница порука"),
        "cap_of_the_wave": mark("граница порука за круг"), "outside_hours": mark("ван дозвољених сати"),
        "not_open_yet": mark("још није време"), "notice_not_sent": mark("позив није послат"),
        "no_allowed_time": mark("нема дозвољеног времена"), "no_invitation": mark("нема круга"),
        "wave_off": mark("овај круг није укључен"), "entered_too_late": mark("датум завршетка унет прекасно"),
        "contact_wrong_number": mark("погрешан број"), "contact_blocked": mark("бот је блокиран"),
        "inbox_dead": mark("порука није могла да се обради"), "not_sent": mark("порука није послата"),
        "clock_trouble": mark("сат рачунара није поуздан"), "restored": mark("враћена је резервна копија"),
    }
)  # fmt: skip
"""Codes of the core, in words."""


@dataclass(frozen=True, slots=True)
class Words:
    """One reader's language and zone."""

    language: str
    zone: ZoneInfo

    @property
    def lang(self) -> str:
        """HTML's language tag."""
        return self.tag(self.language)

    @staticmethod
    def tag(language: str) -> str:
        """HTML's tag of any language."""
        return LANG.get(language, language.replace("_", "-"))

    def say_(self, message: str, /, **values: object) -> str:
        """The message in the reader's language."""
        return say(self.language, message, **values)

    def count(self, one: str, other: str, n: int) -> str:
        """The form of the message that fits the number."""
        return say_count(self.language, one, other, n)

    def code(self, code: object) -> str:
        """A code in words; one that has none is shown with its underlines taken out."""
        text = str(code) if code is not None else ""
        return self.say_(CODES[text]) if text in CODES else text.replace("_", " ")

    def number(self, number: int) -> str:
        """With the language's separators."""
        return number_text(self.language, number)

    def day(self, when: date | datetime) -> str:
        """The local date, written out."""
        return date_long(self.language, when.astimezone(self.zone).date() if isinstance(when, datetime) else when)

    def moment(self, when: datetime) -> str:
        """The local date and time."""
        local = when.astimezone(self.zone)
        return f"{date_long(self.language, local.date())} {local:%H:%M}"

    def clock(self, when: datetime) -> str:
        """The local time alone."""
        return f"{when.astimezone(self.zone):%H:%M}"

    def helpers(self) -> dict[str, object]:
        """What templates call."""
        return {
            "_": self.say_, "code": self.code, "day": self.day, "moment": self.moment, "clock": self.clock,
            "number": self.number, "lang": self.lang, "language": self.language, "count": partial(self.count),
        }  # fmt: skip
