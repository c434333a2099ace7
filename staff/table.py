"""Every page of the console: the one list that routes, guards and tests are made from. Nothing else is reachable."""

from staff.asked import Page
from staff.pages import (
    access,
    accounts,
    agreeing_anew,
    audit,
    calling,
    changes,
    data,
    enrolling,
    overview,
    own,
    people,
    questionnaires,
    reconfirming,
    responses,
    settings,
    testing,
    today,
    trying,
)

PAGES: tuple[Page, ...] = (
    *own.PAGES,
    *access.PAGES,
    *today.PAGES,
    *enrolling.PAGES,
    *people.PAGES,
    *agreeing_anew.PAGES,
    *testing.PAGES,
    *calling.PAGES,
    *reconfirming.PAGES,
    *changes.PAGES,
    *responses.PAGES,
    *overview.PAGES,
    *audit.PAGES,
    *data.PAGES,
    *accounts.PAGES,
    *trying.PAGES,
    *questionnaires.PAGES,
    *settings.PAGES,
)
