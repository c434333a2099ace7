"""Posts one update to a bot's webhook. It must never say more about a failure than a status, nor follow a redirect."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

Json = dict[str, Any]
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
PATIENCE = 60.0
"""Seconds that a webhook may take."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a bot takes its updates."""

    url: str
    secret: str = ""
    connections: int = 40


class Poster:
    """One pool of connections for all webhooks."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, address: Address, update: Json) -> tuple[int, Json | None]:
        """The status (0 where there was no answer), and the call that the answer carries, where it carries one."""
        headers = {"Content-Type": "application/json"}
        if address.secret:
            headers[SECRET] = address.secret
        try:
            return await self._post(address.url, json.dumps(update).encode(), headers)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, None

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Json | None]:
        async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as answer:
            said = await answer.read()
            called = said and answer.headers.get("Content-Type", "").startswith("application/json")
            return answer.status, _call(said) if called else None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=100, ssl=False),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=PATIENCE),
                headers={"Accept-Encoding": "gzip, deflate"},
                skip_auto_headers=("User-Agent", "Accept"),
            )
        return self._session

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()


def _call(body: bytes) -> Json | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) and isinstance(told.get("method"), str) else None
