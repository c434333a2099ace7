"""People who answer by SMS as fast as the service lets them, and the provider between: forms that it signed go in,
the next question comes back by its REST address, or as TwiML in the answer of who does it so.
"""

import asyncio
import base64
import hashlib
import hmac
from urllib.parse import quote_plus, unquote_to_bytes

from tests.bench.crowd import UPDATES, Crowd, Hook, Person
from tests.bench.standin import StandIn, answered

ACCOUNT, AUTH_TOKEN, SENDER = "AC" + "b1" * 16, "bench-auth-token-Zk4Wm9", "+381601112223"
FIRST_NUMBER = 381_640_000_000
"""Number n has this plus n."""
_FORM = "application/x-www-form-urlencoded"


class Texters(Crowd):
    """Chats are numbers. `messages`: how many a person gets until the end, the first word's answer included."""

    def __init__(self, port: int, path: str, messages: int) -> None:
        super().__init__(port, path, "unused", words=True, most_steps=messages, kind=_FORM)
        self._url = f"http://127.0.0.1:{port}{path}"

    def shown(self, chat: int) -> None:
        """The first message asks for consent, every later one a question."""
        person = self._people.get(chat)
        if person is not None:
            self.told(chat, 0, "1" if person.steps else "c.yes")

    def free(self, hook: Hook, status: int) -> None:
        """As ever; TwiML that says something is the next message."""
        chat, speaks = hook.chat, b"<Message" in hook.body
        super().free(hook, status)
        if speaks:
            self.shown(chat)

    def _type(self, person: Person, text: str) -> None:
        form = {
            "AccountSid": ACCOUNT, "Body": text, "From": f"+{person.chat}", "MessageSid": f"SM{next(UPDATES):032x}",
            "NumMedia": "0", "To": SENDER,
        }  # fmt: skip
        signed = self._url + "".join(f"{name}{form[name]}" for name in sorted(form))
        signature = base64.b64encode(hmac.digest(AUTH_TOKEN.encode(), signed.encode(), hashlib.sha1)).decode()
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in form.items())
        self._post(person, body, f"X-Twilio-Signature: {signature}\r\n")


class TwilioStandIn(StandIn):
    """Takes every message, and says so to who drives the phones; lists none."""

    def answer(self, method: bytes, body: bytes) -> bytes:
        """The bytes of the answer to one call."""
        if method == b"Messages.json" and not body:
            return answered(b'{"messages":[],"next_page_uri":null}')
        self._last += 1
        to = next((field[3:] for field in body.split(b"&") if field.startswith(b"To=")), b"0")
        number = int(unquote_to_bytes(to).lstrip(b"+"))
        asyncio.get_running_loop().call_soon(self._told, number, 0, None)
        return answered(b'{"sid":"SM%032x","status":"queued","num_segments":"1"}' % self._last)
