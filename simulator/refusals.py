"""What the Bot API says when it refuses. The words are Telegram's, because clients read them."""


class Refusal(Exception):
    """A call is refused with this status and these words, and had no effect."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


class NotPossible(Exception):
    """A person cannot do that on this phone now; the message says why."""


def bad(words: str) -> Refusal:
    """400 in the Bot API's form."""
    return Refusal(400, f"Bad Request: {words}")


def unauthorized() -> Refusal:
    """The token belongs to no bot here."""
    return Refusal(401, "Unauthorized")


def no_method() -> Refusal:
    """There is no such method, or none that is served here."""
    return Refusal(404, "Not Found: method not found")


def forbidden(words: str) -> Refusal:
    """The person does not let the bot write to them."""
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    """Two ways of taking updates at once."""
    return Refusal(409, f"Conflict: {words}")


def too_many(seconds: int) -> Refusal:
    """The bot is too fast; it may go on after so many seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", seconds)
