"""One's own account: language, passkeys, recovery codes, sessions; and the two files that every page needs."""

from pathlib import Path
from typing import Any

from staff.asked import Answer, Asked, BadForm, Bytes, GoTo, Page, Shown
from staff.pages import passkeys
from surveys.language.catalogue import languages
from surveys.records import accounts, audit, staff_sessions
from surveys.steps import staff_access
from surveys.steps.desk import NotFound

_FOLDER = Path(__file__).parents[1] / "static"
_FILES = {
    "console.css": ((_FOLDER / "console.css").read_bytes(), "text/css; charset=utf-8"),
    "console.js": ((_FOLDER / "console.js").read_bytes(), "text/javascript; charset=utf-8"),
}


async def static(asked: Asked) -> Answer:
    """A style sheet or a script, from a closed list."""
    found = _FILES.get(asked.path["name"])
    if found is None:
        raise NotFound
    return Bytes(*found)


async def me(asked: Asked) -> Answer:
    """Everything about one's own account."""
    account = asked.reader.account
    async with asked.service.database.reading() as tx:
        values: dict[str, Any] = {
            "passkeys": await accounts.passkeys_of(tx, account.id), "current": asked.reader.session.id,
            "codes_left": await accounts.codes_left(tx, account.id),
            "sessions": await staff_sessions.of_account(tx, account.id, asked.now, asked.now - staff_access.IDLE),
        }  # fmt: skip
    return Shown("me.html", values)


async def speak(asked: Asked) -> Answer:
    """Another language or script."""
    language = asked.needed("language", 20)
    if language not in languages():
        raise BadForm(asked.words.say_("Попуните сва обавезна поља."))
    async with asked.service.database.writing() as tx:
        await accounts.speak(tx, asked.reader.account.id, language)
    return GoTo("/staff/me")


async def codes(asked: Asked) -> Answer:
    """New recovery codes, shown once."""
    async with asked.service.database.writing() as tx:
        made = await staff_access.renew_codes(tx, asked.reader, asked.now)
    return Shown("codes.html", {"codes": made, "onward": "/staff/me", "narrow": True})


async def end_sessions(asked: Asked) -> Answer:
    """Sign out everywhere, here too."""
    account = asked.reader.account.id
    async with asked.service.database.writing() as tx:
        await staff_sessions.revoke_all(tx, account, asked.now)
        audit.record(tx, account, "account.sessions_ended", account, asked.now)
    return GoTo("/staff/sign-in", "")


PAGES = (
    Page("GET", "/staff/static/{name}", static, open_to="anybody"),
    Page("GET", "/staff/me", me),
    Page("POST", "/staff/me/language", speak),
    Page("POST", "/staff/me/codes", codes, strong=True),
    Page("POST", "/staff/me/sessions", end_sessions),
    Page("POST", "/staff/me/passkey/options", passkeys.options_to_make, strong=True),
    Page("POST", "/staff/me/passkey", passkeys.make, strong=True),
)
