"""Who of the staff may do what: a closed matrix of roles and permissions. Pure; what it does not name is forbidden.

Nobody on either side may ever read the other side; that is held by separate databases, not by a permission.
"""

from dataclasses import dataclass
from enum import StrEnum

EVERY_CENTRE = "*"
"""Stands for all centres of a side: in an account, a task, and the coordinators' rows of the rota."""


class Role(StrEnum):
    """What an account is for. On the survivors' side a worker is the survivors' support worker."""

    WORKER = "worker"
    COORDINATOR = "coordinator"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"


class May(StrEnum):
    """One thing that staff may do. Values are stored in the audit: never rename one."""

    SEE_TODAY = "see_today"
    SEE_PEOPLE = "see_people"
    """Ids, schedule and reasons; never an address or an answer."""
    ENROL = "enrol"
    REVEAL = "reveal"
    """Read a contact detail."""
    CHANGE_PEOPLE = "change_people"
    """Amend, hold, withdraw."""
    PURGE = "purge"
    RELEASE = "release"
    SEE_RESPONSES = "see_responses"
    INTERVIEW = "interview"
    TAKE_ALERTS = "take_alerts"
    SEE_OVERVIEW = "see_overview"
    SEE_QUESTIONNAIRES = "see_questionnaires"
    PUBLISH = "publish"
    EXPORT = "export"
    """Agree that answers are handed out; it hands out none."""
    STUDY = "study"
    """Ask for, and take, the pseudonymous answers."""
    SEE_AUDIT = "see_audit"
    KEEP_ACCOUNTS = "keep_accounts"
    CONFIGURE = "configure"
    """Rota, helplines, wording, consent texts, centres, days off: what concerns the side, and no person of it."""


_WORKER = frozenset(
    {
        May.SEE_TODAY, May.SEE_PEOPLE, May.ENROL, May.REVEAL, May.CHANGE_PEOPLE, May.PURGE, May.RELEASE,
        May.SEE_RESPONSES,         May.INTERVIEW, May.TAKE_ALERTS, May.SEE_OVERVIEW, May.SEE_QUESTIONNAIRES,
    }
)  # fmt: skip
_COORDINATOR = frozenset(
    {
        May.SEE_TODAY, May.SEE_PEOPLE, May.CHANGE_PEOPLE, May.RELEASE, May.TAKE_ALERTS, May.SEE_OVERVIEW,
        May.SEE_QUESTIONNAIRES, May.PUBLISH, May.EXPORT, May.SEE_AUDIT, May.CONFIGURE,
    }
)  # fmt: skip
MATRIX = {
    Role.WORKER: _WORKER,
    Role.COORDINATOR: _COORDINATOR,
    Role.EVALUATOR: frozenset({May.SEE_OVERVIEW, May.SEE_QUESTIONNAIRES, May.EXPORT, May.STUDY}),
    Role.ADMINISTRATOR: frozenset({May.KEEP_ACCOUNTS, May.CONFIGURE, May.SEE_AUDIT, May.SEE_QUESTIONNAIRES}),
}
"""What each role may do. An evaluator reads pseudonymous data only, an administrator none."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody signed in: which account, in which role, for which centre (`*` is every centre of the side)."""

    account: str
    role: Role
    centre: str

    def may(self, what: May) -> bool:
        """Whether the role allows it at all."""
        return what in MATRIX[self.role]

    def sees(self, centre: str) -> bool:
        """Whether rows of this centre exist for the reader (safety.md, I17)."""
        return self.centre in (EVERY_CENTRE, centre)


def centre_fits(role: Role, centre: str) -> bool:
    """A worker belongs to one centre; everybody else to the whole side."""
    return (centre == EVERY_CENTRE) is not (role is Role.WORKER)
