"""What may become of a call to the SMS provider. Messages are fixed words: never a URL, a number or a body."""


class NotSent(Exception):
    """The provider could not be reached; nothing left this machine."""

    def __init__(self) -> None:
        super().__init__("the provider could not be reached; nothing was sent")


class PerhapsDone(Exception):
    """Bytes left, and no answer came that can be understood: perhaps it was done."""

    def __init__(self) -> None:
        super().__init__("the connection failed after bytes had left; perhaps it was done")


class Answered(Exception):
    """The provider answered with an error: HTTP's `status`, and the provider's own number where it gave one."""

    def __init__(self, status: int, code: int | None, spoken: bool) -> None:
        super().__init__(f"the provider answered {status} ({code})")
        self.status = status
        self.code = code
        self.spoken = spoken
        """It was the provider itself that spoke, not a gateway before it."""
