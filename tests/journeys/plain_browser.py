"""A browser without scripts: it fetches over HTTP, keeps cookies, reads the forms of a page and posts them.

It knows nothing of the service but what a page shows it.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx
from lxml import html

from tests.quick import NO_TLS


@dataclass
class PlainBrowser:
    """`shown` is the last answer; `page` its HTML."""

    client: httpx.AsyncClient
    address: str = ""
    shown: httpx.Response | None = None
    sizes: list[int] = field(default_factory=list)

    @classmethod
    def new(cls) -> "PlainBrowser":
        return cls(httpx.AsyncClient(follow_redirects=False, timeout=20, verify=NO_TLS))

    async def open(self, address: str) -> None:
        """Follow a link."""
        self.address = address
        await self._take(await self.client.get(address))

    @property
    def page(self) -> Any:
        assert self.shown is not None
        return html.fromstring(self.shown.content)

    @property
    def text(self) -> str:
        return " ".join(self.page.body.text_content().split())

    @property
    def heading(self) -> str:
        return " ".join(self.page.xpath("string(//h1)").split())

    def buttons(self) -> list[str]:
        return [" ".join(each.text_content().split()) for each in self.page.xpath("//button")]

    def options(self) -> list[tuple[str, str]]:
        """(value, label) of what can be marked."""
        found = self.page.xpath("//label[input]")
        return [(each.xpath("string(input/@value)"), " ".join(each.text_content().split())) for each in found]

    async def press(self, label: str, mark: str | None = None, text: str | None = None) -> None:
        """Press the button with these words, with an option marked (by its label) or a text typed in its form."""
        button = next(b for b in self.page.xpath("//button") if " ".join(b.text_content().split()) == label)
        form = button.getparent()
        while form.tag != "form":
            form = form.getparent()
        fields = [(each.get("name"), each.get("value", "")) for each in form.xpath(".//input[@type='hidden']")]
        if mark is not None:
            fields += [("a", value) for value, words in self.options() if words == mark]
        fields += [(each.get("name"), text or "") for each in form.xpath(".//textarea|.//input[@type='text']")]
        fields.append((button.get("name"), button.get("value")))
        assert form.get("method") == "post"
        body = str(httpx.QueryParams(fields))
        kind = {"content-type": "application/x-www-form-urlencoded", "origin": "null"}
        await self._take(await self.client.post(self.address, content=body, headers=kind))

    async def _take(self, response: httpx.Response) -> None:
        self.shown = response
        self.sizes.append(len(response.content) + sum(len(k) + len(v) + 4 for k, v in response.headers.raw))
