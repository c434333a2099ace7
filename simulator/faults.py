"""Faults that a test or a demo orders: so many of the next calls fail in a given way. None happens unordered."""

from dataclasses import dataclass
from typing import Any

KINDS = ("status", "reset_before", "reset_after", "hang_before", "hang_after", "slow", "garbage")
"""`before`: nothing was done; `after`: the call had its effect, and its answer is lost. `garbage`: done, then a 200
that is no Bot API answer. `slow`: done and answered, `seconds` late."""
DEFAULT_SECONDS = 5.0
DESCRIPTIONS = {
    400: "Bad Request: refused by order", 401: "Unauthorized", 403: "Forbidden: bot was blocked by the user",
    404: "Not Found: method not found", 409: "Conflict: terminated by other getUpdates request",
    429: "Too Many Requests: retry after {seconds}", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip


@dataclass(slots=True)
class Fault:
    """The next `times` calls of `method` (any, where empty) to `chat` (any, where None) go wrong like this."""

    kind: str
    times: int = 1
    method: str = ""
    chat: int | None = None
    status: int = 500
    seconds: float = DEFAULT_SECONDS
    """retry_after of a 429; how long a slow call or one that hangs takes, in real seconds."""
    description: str = ""
    spoken: bool = True
    """False: the status comes from a gateway, without the Bot API's JSON."""

    @property
    def words(self) -> str:
        """The description that goes with the status."""
        return self.description or DESCRIPTIONS.get(self.status, "Error").format(seconds=round(self.seconds))


class Faults:
    """What is ordered and not yet used up, in order."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Have calls fail. Raises ValueError on an unknown kind or number of times."""
        if fault.kind not in KINDS or fault.times < 1 or not 400 <= fault.status <= 599:
            raise ValueError(f"a fault is one of {', '.join(KINDS)}, at least once, with a status of 400 to 599")
        self.ordered.append(fault)

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        """The fault that this call meets, used up by one."""
        for fault in self.ordered:
            if fault.method in ("", method) and fault.chat in (None, params.get("chat_id")):
                fault.times -= 1
                if fault.times == 0:
                    self.ordered.remove(fault)
                return fault
        return None
