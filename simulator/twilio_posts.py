"""Posts what the SMS provider posts: a person's message, a receipt. Signed over the address and all parameters."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping

import aiohttp

SIGNATURE = "X-Twilio-Signature"
PATIENCE = 15.0


def signed(token: str, url: str, parameters: Mapping[str, str]) -> str:
    """The signature: HMAC-SHA1 over the address and, in order of their names, every name and value."""
    text = url + "".join(name + parameters[name] for name in sorted(parameters))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Posts:
    """One pool of connections for all posts."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self.under_way = 0
        self.statuses: list[int] = []
        """What each post was answered with; 0 where there was no answer."""

    async def post(self, token: str, url: str, parameters: Mapping[str, str]) -> int:
        """Post once; the answer's status."""
        self.under_way += 1
        try:
            status = await self._post(url, parameters, signed(token, url, parameters))
        finally:
            self.under_way -= 1
        self.statuses.append(status)
        return status

    async def _post(self, url: str, parameters: Mapping[str, str], signature: str) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
        try:
            headers = {SIGNATURE: signature, "I-Twilio-Idempotency-Token": "0"}
            async with self._session.post(url, data=dict(parameters), headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError):
            return 0

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
