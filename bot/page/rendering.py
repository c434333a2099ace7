"""Screens as HTML: everything in one small response, nothing from elsewhere, usable without scripts on an old phone.

It must never put a token, an id or an earlier answer on a screen.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.page.skins import PLAIN, Skin
from surveys.instruments import phrases
from surveys.steps.page import IDLE
from surveys.steps.page_said import Screen, View
from web.headers import COMMON

FOLDER: Final = Path(__file__).with_name("templates")
STARTS: Final = ("sr_Cyrl", "sr_Latn", "en")
"""Screens that nobody in particular is shown speak these."""
_NAMES: Mapping[str, str] = MappingProxyType({"sr_Cyrl": "ћирилица", "sr_Latn": "latinica", "en": "English"})
_REFRESHED: Final = (View.CONSENT, View.ITEM, View.LINES, View.STOP, View.COVER, View.WORDS)
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
"""Compiled once."""
_LATER: Final = int(IDLE.total_seconds()) + 5


class Screens:
    """The templates, compiled once; `languages` is what this side speaks, `exit_url` where a form may lead besides."""

    def __init__(self, languages: Sequence[str], exit_url: str, skin: Skin = PLAIN) -> None:
        self._templates: dict[View, Template] = {
            view: _TEMPLATES.get_template(f"{view}.html") for view in View if view is not View.EXIT
        }
        self._languages = [(code, name_of(code)) for code in languages]
        self.skin = skin
        self._style = "".join((FOLDER / name).read_text() for name in skin.styles).replace("\n", "")
        self.headers = _headers(self._style, exit_url)

    @staticmethod
    def refresh(screen: Screen) -> int | None:
        """Seconds after which the screen goes back to its button by itself; None where it holds nothing."""
        return _LATER if screen.view in _REFRESHED else None

    def html(self, screen: Screen) -> bytes:
        """One whole page."""
        language = screen.language
        values = {
            "screen": screen, "language": language, "lang": tag(language), "tag": tag, "say": phrases,
            "title": self.skin.title(language), "skin": self.skin, "style": self._style, "languages": self._languages,
            "starts": [(code, name_of(code)) for code in STARTS],
            "refresh": self.refresh(screen),
        }  # fmt: skip
        return self._templates[screen.view].render(values).encode()


def tag(code: str) -> str:
    """HTML's `lang` of a language: it also chooses the Serbian forms of Cyrillic letters."""
    return code.replace("_", "-")


def name_of(code: str) -> str:
    """The language's name in itself."""
    return _NAMES.get(code) or str(Locale.parse(code).get_display_name() or code)


def _headers(style: str, exit_url: str) -> Mapping[str, str]:
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    leads = urlsplit(exit_url)  # browsers ask the policy about a form's redirect too
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        f"form-action 'self' {leads.scheme}://{leads.netloc}; frame-ancestors 'none'"
    )
    return MappingProxyType(
        {
            **COMMON,
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }
    )
