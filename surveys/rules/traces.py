"""How long a message may stand in somebody's chat, and what follows where it cannot be deleted. Pure.

Nothing here depends on who somebody is or on what was said: whoever watches a chat go empty learns nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(hours=24)
"""No message stands longer (safety.md, "Traces")."""
DELETABLE = timedelta(hours=48)
"""What is older the provider deletes for nobody any more."""
ALARMING = 6
"""Failed tries after which a task opens; trying goes on."""
_FIRST, _LONGEST = 5, 30 * 60
"""Seconds."""


@dataclass(frozen=True, slots=True)
class TracesRule:
    """A message goes so long after it was sent, and everything of a session once it is over, or idle for so long."""

    delete_after: timedelta
    idle: timedelta

    def due(self, sent_at: datetime) -> datetime:
        """When a message of that instant goes at the latest."""
        return sent_at + self.delete_after


class Failed(StrEnum):
    """What follows a try that failed."""

    RETRY = "retry"
    TASK = "task"
    """Somebody is told, and it is tried again."""
    GIVE_UP = "give_up"
    """Somebody is told: the provider will not delete it any more."""


def after_failure(sent_at: datetime, tries: int, now: datetime, *, refused_for_good: bool = False) -> Failed:
    """What follows the failed try after which there were so many."""
    if refused_for_good or now - sent_at >= DELETABLE:
        return Failed.GIVE_UP
    return Failed.TASK if tries >= ALARMING or now - sent_at >= DAY else Failed.RETRY


def next_try(tries: int, now: datetime) -> datetime:
    """Twice as long each time, and never longer than half an hour."""
    return now + timedelta(seconds=min(_LONGEST, _FIRST << min(tries, 12)))
