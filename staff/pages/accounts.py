"""Accounts: who may sign in, a page at a time; inviting, and inviting again. No data of participants is here."""

from typing import Any

from staff.asked import Answer, Asked, BadForm, Page, Shown
from staff.pages.today import centre_names
from surveys.records import accounts, audit
from surveys.records.accounts import NewAccount
from surveys.rules.roles import EVERY_CENTRE, May, Role
from surveys.steps import staff_access, staff_leaving
from surveys.steps.desk import NotFound
from surveys.steps.staff_access import AccountRefused

PAGE = 50
_GIVEN = ("name", "login", "role", "centre", "language")


async def all_accounts(asked: Asked) -> Answer:
    """Who may sign in."""
    return await _accounts(asked, "", "")


async def _accounts(asked: Asked, link: str, failed: str) -> Shown:
    """`failed` stands in the form, with what was typed there."""
    place = asked.number("from")
    async with asked.service.database.writing() as tx:
        found = await accounts.some(tx, place, PAGE)
        audit.record(tx, asked.reader.account.id, "accounts.read", "side", asked.now, count=len(found))
    named = [(name, each.said(asked.words.language)) for name, each in asked.service.library.centres.items()]
    values: dict[str, Any] = {
        "accounts": found, "link": link, "failed": failed, "roles": list(Role), "centres": named,
        "given": {name: asked.form.get(name, "")[:254] if failed else "" for name in _GIVEN},
        "centre_name": centre_names(asked), "further": place + PAGE if len(found) == PAGE else None,
    }  # fmt: skip
    return Shown("accounts.html", values, 422 if failed else 200)


async def invite(asked: Asked) -> Answer:
    """Invite somebody; the link is shown once."""
    role = asked.needed("role")
    if role not in set(Role):
        raise BadForm(asked.words.say_("Попуните сва обавезна поља."))
    centre = asked.text("centre") if role == Role.WORKER else EVERY_CENTRE
    by = asked.reader.account.id
    new = NewAccount(asked.text("login", 254), asked.text("name"), Role(role), centre, asked.text("language"), by)
    try:
        async with asked.service.database.writing() as tx:
            made = await staff_access.invite(tx, asked.service, new, asked.now)
    except AccountRefused as refused:
        return await _accounts(asked, "", _why(asked, str(refused)))
    return await _accounts(asked, f"{asked.staff_url}/staff/invitation/{made.token}", "")


def _why(asked: Asked, refused: str) -> str:
    field = {"e-mail": "Е-пошта", "name": "Име", "centre": "Центар"}.get(refused.partition(":")[0], "Језик")
    if "has an account" in refused:
        return asked.words.say_("Та е-пошта већ има налог. Потражите га у списку и ту га позовите поново.")
    return asked.words.say_("Проверите поље: {field}", field=asked.words.say_(field))


async def invite_again(asked: Asked) -> Answer:
    """A new link for the same account; what it had for signing in is worth nothing from now on."""
    name = asked.path["account"]
    if name == asked.reader.account.id:
        raise BadForm(asked.words.say_("Себе не можете да позовете поново."))
    async with asked.service.database.writing() as tx:
        found = await accounts.get(tx, name)
        if found is None:
            raise NotFound
        if found.state == "closed":  # whoever left comes back by the operator's hand alone (`posle staff add`)
            raise BadForm(asked.words.say_("Затворен налог поново отвара само ко води рачунар."))
        token = await staff_leaving.invite_again(tx, found, asked.reader.account.id, asked.now)
    return await _accounts(asked, f"{asked.staff_url}/staff/invitation/{token}", "")


PAGES = (
    Page("GET", "/staff/accounts", all_accounts, May.KEEP_ACCOUNTS),
    Page("POST", "/staff/accounts", invite, May.KEEP_ACCOUNTS, strong=True),
    Page("POST", "/staff/accounts/{account}/invite", invite_again, May.KEEP_ACCOUNTS, strong=True),
)
