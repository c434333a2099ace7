"""What may become of a call to the Bot API. Messages are fixed words: never a URL, a token or what the provider wrote.

`TelegramError` is the base, so that the library passes them on as they are.
"""

from telegram.error import TelegramError

CallFailed = TelegramError
"""Whatever became of a call, for who does not ask what."""


class NotSent(TelegramError):
    """The provider could not be reached; nothing left this machine."""

    def __init__(self) -> None:
        super().__init__("the provider could not be reached; nothing was sent")


class Unsendable(TelegramError):
    """The call cannot be put into bytes; nothing left this machine."""

    def __init__(self) -> None:
        super().__init__("the call cannot be put into bytes; nothing was sent")


class PerhapsDone(TelegramError):
    """Bytes left, and no answer came that can be understood: perhaps it was done."""

    def __init__(self) -> None:
        super().__init__("the connection failed after bytes had left; perhaps it was done")


class Limited(TelegramError):
    """The provider asks to wait so many `seconds`; it did nothing."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the provider asks to wait {seconds:.0f} seconds")
        self.seconds = seconds


class Answered(TelegramError):
    """The provider answered with an error. `status` is HTTP's; `spoken`: it was the Bot API itself, not a gateway.

    `code` is one of the short words of `reading.CODES`.
    """

    def __init__(self, status: int, code: str, spoken: bool) -> None:
        super().__init__(f"the provider answered {status} ({code})")
        self.status = status
        self.code = code
        self.spoken = spoken
