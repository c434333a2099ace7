"""A browser without scripts, for the demo's people: it reads the forms of a page, posts them and keeps the cookie.

It knows nothing of the service but what a page shows.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

import aiohttp

_FORM = {"content-type": "application/x-www-form-urlencoded", "origin": "null"}
Pairs = list[tuple[str, str]]


@dataclass
class Form:
    """One form: what it posts by itself, what can be marked in it (value and words), its buttons and its heading."""

    hidden: Pairs = field(default_factory=list)
    marks: Pairs = field(default_factory=list)
    buttons: Pairs = field(default_factory=list)
    heading: str = ""


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._in_label = self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a form, or notes a part of the one that is open."""
        own = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.found.append(Form())
        if not self.found:
            return
        self._in_label = self._in_label or tag == "label"
        self._in_heading = self._in_heading or tag == "h1"
        part = (own.get("name", ""), own.get("value", ""))
        if tag == "button":
            self.found[-1].buttons.append(part)
        elif tag == "input" and own.get("type") == "hidden":
            self.found[-1].hidden.append(part)
        elif tag == "input" and own.get("type") in ("radio", "checkbox"):
            self.found[-1].marks.append((own["value"], ""))

    def handle_endtag(self, tag: str) -> None:
        """What follows is no label or heading any more."""
        self._in_label = self._in_label and tag != "label"
        self._in_heading = self._in_heading and tag != "h1"

    def handle_data(self, data: str) -> None:
        """The words of a label, or of the heading."""
        if self._in_heading:
            self.found[-1].heading += data
        elif self._in_label and self.found[-1].marks:
            value, words = self.found[-1].marks[-1]
            self.found[-1].marks[-1] = (value, f"{words}{data}".strip())


class Browser:
    """One browser with one page open."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session, self._address = session, address
        self.forms: list[Form] = []

    async def open(self) -> None:
        """Follow the link."""
        async with self._session.get(self._address, allow_redirects=False) as answer:
            await self._take(answer)

    def form_with(self, button: str) -> Form | None:
        """The form that has this button, by the value that it posts."""
        return next((form for form in self.forms if button in [value for _, value in form.buttons]), None)

    async def press(self, button: str, mark: str | None = None) -> None:
        """Press the button, with one option marked in its form; ValueError where the page has no such button."""
        form = self.form_with(button)
        if form is None:
            raise ValueError("the page has no such button")
        fields = [*form.hidden, *([("a", mark)] if mark is not None else []), ("do", button)]
        posted = self._session.post(self._address, data=urlencode(fields), headers=_FORM, allow_redirects=False)
        async with posted as answer:
            await self._take(answer)

    async def _take(self, answer: aiohttp.ClientResponse) -> None:
        read = _Forms()
        read.feed(await answer.text())
        self.forms = read.found
