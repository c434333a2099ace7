"""Finds the programme's vocabulary in a text that must be dull: whatever can be seen before consent or a gate.

It knows both Serbian scripts, missing diacritics and English; it never repairs a text, it only names what is wrong.
"""

import re

from surveys.language.script import fold

_ANYWHERE = (
    "nasilj|nasiln|zrtv|zlostav|partner|terap|podrsk|savetov|savjetov|savetnic|savjetnic|bezbedn|bezbjedn|supruznik"
    "|prijavi|prijava|prijave|prijavu|prijavlj|tuzila|tuziteljstv|policij|policaj|psiho|psihij|tretman|ucinilac"
    "|pocinilac|krivicn|violen|victim|perpetrat|abus|therap|counsel|spouse|prosecut|psych|survivor|safety|shelter"
)
_AT_THE_START = (
    "suprug|anonim|poverljiv|povjerljiv|tajn|hrabr|paket|zakazan|zgodn|support|police|courage|secret|parcel|package"
    "|appointment|termin(?!al)"
)
_PHRASES = (
    r"cent\w* za socijaln\w*(?: rad\w*)?",
    r"socijaln\w* rad\w*",
    r"cent(?:re|er)s? for social work",
    r"social work\w*",
    r"sigurn\w* kuc\w*",
    r"domestic",
    r"(?:a )?good (?:time|moment) (?:now|to talk|for you)",
    r"is (?:now|this) a good (?:time|moment)",
    r"csr",
    r"posle(?!dn|dic|podne)\w*",  # the product's name; it also means "later", which is why it must not stand alone
)
_FORBIDDEN = re.compile(
    "|".join(
        (
            *(rf"\b{phrase}\b" for phrase in _PHRASES),
            rf"\b(?:{_AT_THE_START})\w*",
            rf"\b\w*?(?:{_ANYWHERE})\w*",
        )
    )
)


def undull(text: str) -> tuple[str, ...]:
    """The forbidden words found, folded, in order and once each; empty where the text is dull (safety.md, "dull")."""
    return tuple(dict.fromkeys(found.group() for found in _FORBIDDEN.finditer(fold(text))))
