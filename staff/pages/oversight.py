"""Overview, audit and accounts: counts with small cells hidden, who read and changed what, who may sign in.

No count under five is shown, nor one that could be worked out from the others (instruments.md, Disclosure).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from staff.asked import Answer, Asked, BadForm, Bytes, GoTo, Page, Shown
from staff.pages.today import centre_names
from surveys.records import accounts, audit, desk, participants
from surveys.records.accounts import NewAccount
from surveys.rules.roles import EVERY_CENTRE, May, Role
from surveys.rules.suppression import shown_counts
from surveys.steps import staff_access
from surveys.steps.desk import NotFound
from surveys.steps.staff_access import AccountRefused

PAGE = 100


async def overview(asked: Asked) -> Answer:
    """Dispositions by wave and participants by centre, small cells hidden."""
    async with asked.service.database.writing() as tx:
        waves = await desk.dispositions(tx, asked.reader.reader.centre)
        people = await participants.counts(tx)
        audit.record(tx, asked.reader.account.id, "overview.read", "side", asked.now)
    by_wave: dict[str, Counter[str]] = {}
    for wave, state, disposition, number in waves:
        by_wave.setdefault(wave, Counter())[str(disposition or state)] += number
    by_centre: Counter[str] = Counter()
    for (centre, _), number in people.items():
        if asked.reader.reader.sees(centre):
            by_centre[centre] += number
    values: dict[str, Any] = {
        "waves": [(wave, _rows(counted), sum(counted.values())) for wave, counted in sorted(by_wave.items())],
        "centres": _rows(by_centre), "centre_name": centre_names(asked),
    }  # fmt: skip
    return Shown("overview.html", values)


def _rows(counted: Mapping[str, int]) -> Sequence[tuple[str, int | None, int]]:
    """Name, number (None where it must not be shown) and share of the largest in hundredths, for the bar."""
    shown = shown_counts(counted)
    largest = max((number for number in shown.values() if number), default=0)
    return [(name, number, round(100 * (number or 0) / largest) if largest else 0) for name, number in shown.items()]


async def audited(asked: Asked) -> Answer:
    """A page of the audit, of one subject or from a number on; whether the chain holds."""
    subject = asked.query.get("subject", "").strip()[:80]
    after = asked.query.get("after", "0")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 12 else 0
    async with asked.service.database.writing() as tx:
        last = await audit.last(tx)
        if not subject and "after" not in asked.query:
            start = max(0, last - PAGE)
        found = await (audit.of_subject(tx, subject) if subject else audit.since(tx, start, PAGE))
        names = {each.id: each.name for each in await accounts.everyone(tx)}
        audit.record(tx, asked.reader.account.id, "audit.read", "side", asked.now)
    values: dict[str, Any] = {
        "entries": found[:1000], "subject": subject, "names": names, "first": start + 1, "last": last,
        "before": max(0, start - PAGE), "after": start + PAGE,
    }  # fmt: skip
    return Shown("audit.html", values)


async def verified(asked: Asked) -> Answer:
    """Whether the chain holds from its first entry to its last."""
    async with asked.service.database.reading() as tx:
        broken = await audit.verify(tx)
    message = asked.words.say_("Ланац је цео.") if broken is None else asked.words.say_(
        "Ланац је прекинут код броја {n}. Јавите одмах администратору.", n=broken
    )  # fmt: skip
    return Shown("verified.html", {"message": message, "whole": broken is None})


async def audit_file(asked: Asked) -> Answer:
    """The audit of one subject, or its last entries, as CSV; opaque ids alone, so no cell can be a formula."""
    async with asked.service.database.writing() as tx:
        last = await audit.last(tx)
        found = await audit.since(tx, max(0, last - 10_000), 10_000)
        audit.record(tx, asked.reader.account.id, "audit.exported", "side", asked.now)
    lines = ["seq,at,actor,action,subject"]
    lines += [f"{e.seq},{e.at.isoformat()},{e.actor},{e.action},{e.subject}" for e in found]
    return Bytes(("\n".join(lines) + "\n").encode(), "text/csv; charset=utf-8", "audit.csv")


async def all_accounts(asked: Asked) -> Answer:
    """Who may sign in."""
    return await _accounts(asked, "", "")


async def _accounts(asked: Asked, link: str, failed: str) -> Shown:
    async with asked.service.database.reading() as tx:
        found = await accounts.everyone(tx)
    centres = [(name, each.said(asked.words.language)) for name, each in asked.service.library.centres.items()]
    values: dict[str, Any] = {
        "accounts": found, "link": link, "failed": failed, "roles": list(Role), "centres": centres,
        "centre_name": centre_names(asked),
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
        field = {"e-mail": "Е-пошта", "name": "Име", "centre": "Центар"}.get(str(refused).partition(":")[0], "Језик")
        failed = asked.words.say_("Проверите поље: {field}", field=asked.words.say_(field))
        return await _accounts(asked, "", failed)
    return await _accounts(asked, f"{asked.staff_url}/staff/invitation/{made.token}", "")


async def close(asked: Asked) -> Answer:
    """Close an account that is not one's own."""
    name = asked.path["account"]
    if name == asked.reader.account.id:
        raise BadForm(asked.words.say_("Свој налог не можете да затворите."))
    async with asked.service.database.writing() as tx:
        found = await accounts.get(tx, name)
        if found is None or found.state == "closed":
            raise NotFound
        await staff_access.close(tx, name, asked.reader.account.id, asked.now)
    return GoTo("/staff/accounts")


PAGES = (
    Page("GET", "/staff/overview", overview, May.SEE_OVERVIEW),
    Page("GET", "/staff/audit", audited, May.SEE_AUDIT),
    Page("GET", "/staff/audit/chain", verified, May.SEE_AUDIT),
    Page("GET", "/staff/audit/file", audit_file, May.SEE_AUDIT, strong=True),
    Page("GET", "/staff/accounts", all_accounts, May.KEEP_ACCOUNTS),
    Page("POST", "/staff/accounts", invite, May.KEEP_ACCOUNTS, strong=True),
    Page("POST", "/staff/accounts/{account}/close", close, May.KEEP_ACCOUNTS, strong=True),
)
