"""The form of a safe contact: what stands in it, and what was typed as the keys that the core reads.

It must never be filled with a word that was agreed before: words are typed anew or not at all.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from staff.asked import Asked
from staff.days import clock, iso, written
from surveys.language.catalogue import mark
from surveys.rules.vocabulary import Channel
from surveys.steps.safe_contact import SafeContact

ROWS = (1, 2, 3, 4)
DAYS = (
    ("mon-fri", mark("радним данима")), ("mon-sun", mark("сваког дана")), ("sat-sun", mark("викендом")),
    ("mon", mark("понедељком")), ("tue", mark("уторком")), ("wed", mark("средом")), ("thu", mark("четвртком")),
    ("fri", mark("петком")), ("sat", mark("суботом")), ("sun", mark("недељом")),
)  # fmt: skip
YES_NO = (("", mark("не зна се")), ("yes", mark("да")), ("no", mark("не")))
_TEXTS = ("duress_plan", "pin_known_by", "bill_paid_by", "synced", "used_by_child", "code_word", "duress_word")
NAMES = (
    *(f"{part}_{row}" for row in ROWS for part in ("days", "from", "to")), "blackout", "notice", "interview",
    "reminders", "shared_phone", "confirmed_on", "do_not_contact", *_TEXTS,
)  # fmt: skip
"""Every field of it."""


def values(asked: Asked, channel: Channel, language: str) -> dict[str, Any]:
    """What the template needs besides what was typed; `language` is the person's, in which they get the message."""
    library = asked.service.library
    names = library.notice_names(channel)
    notices = [(name, library.notices[name].said(language).replace("{link}", "https://…")) for name in sorted(names)]
    today = written(asked.service.local(asked.now).date())
    return {
        "rows": ROWS, "days": DAYS, "yes_no": YES_NO, "notices": notices, "channel": channel, "today": today,
        "notice_lang": asked.words.tag(language), "needs_words": channel is not Channel.PHONE,
    }  # fmt: skip


def document(given: Mapping[str, str]) -> dict[str, Any]:
    """The keys of `safe_contact`, only those that were filled in; what is wrong in them the core refuses."""
    told: dict[str, Any] = {name: given[name] for name in (*_TEXTS, "notice", "interview") if given.get(name)}
    hours = [row for each in ROWS if (row := _row(given, each))]
    if hours:
        told["hours"] = hours
    told["blackout"] = [iso(line) for line in given.get("blackout", "").splitlines() if line.strip()]
    if given.get("reminders", "").isdigit():
        told["reminders"] = int(given["reminders"])
    if given.get("shared_phone"):
        told["shared_phone"] = given["shared_phone"] == "yes"
    if given.get("confirmed_on"):
        told["confirmed_on"] = iso(given["confirmed_on"])
    told["do_not_contact"] = given.get("do_not_contact") == "yes"
    return told


def _row(given: Mapping[str, str], row: int) -> dict[str, str] | None:
    start, end = clock(given.get(f"from_{row}", "")), clock(given.get(f"to_{row}", ""))
    return {"days": given.get(f"days_{row}", ""), "from": start, "to": end} if start or end else None


def standing(contact: SafeContact) -> dict[str, str]:
    """What was agreed before, for a form in which it is said anew; never a word."""
    given = {f"{key}_{row}": hours[name] for row, hours in zip(ROWS, contact.hours, strict=False)
             for key, name in (("days", "days"), ("from", "from"), ("to", "to"))}  # fmt: skip
    shared = {None: "", True: "yes", False: "no"}[contact.shared_phone]
    return given | dict(contact.facts) | {
        "blackout": "\n".join(written(date.fromisoformat(each)) for each in contact.blackout),
        "notice": contact.notice or "", "interview": contact.interview,
        "reminders": "" if contact.reminders is None else str(contact.reminders), "shared_phone": shared,
        "duress_plan": contact.duress_plan, "do_not_contact": "yes" if contact.do_not_contact else "",
    }  # fmt: skip
