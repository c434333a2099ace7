"""Two ways to use a page: by mouse, or by the keyboard alone. Both find what they want by its place in the page."""

from playwright.async_api import Locator, Page

_MANY = 150
"""No page of the console has more stops for Tab than these."""


class Mouse:
    """Clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def type(self, where: str, words: str) -> None:
        """Write into a field."""
        await self.page.fill(where, words)

    async def press(self, where: str) -> None:
        """A button or a link."""
        await self.page.locator(where).first.click()

    async def mark(self, where: str) -> None:
        """A box or one of several."""
        await self.page.check(where)

    async def choose(self, where: str, value: str) -> None:
        """An option of a list."""
        await self.page.select_option(where, value)


class Keyboard(Mouse):
    """Tab, arrows, Space, Enter and letters; nothing is focused or filled by a script."""

    async def type(self, where: str, words: str) -> None:
        await self._to(self.page.locator(where).first)
        await self.page.keyboard.type(words)

    async def press(self, where: str) -> None:
        await self._to(self.page.locator(where).first)
        await self.page.keyboard.press("Enter")

    async def mark(self, where: str) -> None:
        await self._to(self.page.locator(where).first)
        await self.page.keyboard.press("Space")

    async def choose(self, where: str, value: str) -> None:
        wanted = self.page.locator(where).first
        await self._to(wanted)
        for _ in range(_MANY):
            if await wanted.input_value() == value:
                return
            await self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{where} has no such option")

    async def _to(self, wanted: Locator) -> None:
        await wanted.wait_for()
        for _ in range(_MANY):
            if await wanted.evaluate("node => node === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not get to {wanted}")
