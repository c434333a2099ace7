"""Signing in and out, and the invitation: what somebody meets before the console knows them.

A wrong login, password, code or link is answered alike; nothing here says whether an account exists.
"""

from typing import Any

import pyotp
import segno
from markupsafe import Markup

from staff.asked import Answer, Asked, GoTo, Page, Shown
from staff.pages import passkeys
from staff.words import LANG
from surveys.records import accounts, staff_sessions
from surveys.steps import staff_access
from surveys.steps.staff_access import AccountRefused, SignInRefused

HOME, SECOND = "/staff/", "/staff/second"


def _again(asked: Asked) -> str:
    return asked.words.say_("Није тачно, или је било превише покушаја. Сачекајте мало и покушајте поново.")


async def sign_in_form(asked: Asked) -> Answer:
    """E-mail and password."""
    if asked.who is not None:
        return GoTo(HOME)
    return _sign_in(asked, "")


def _sign_in(asked: Asked, failed: str) -> Shown:
    values = {"heading": asked.words.say_("Пријава"), "failed": failed, "narrow": True, "chosen": bool(_chosen(asked)),
              "choosing": True}  # fmt: skip
    return Shown("sign_in.html", values, 422 if failed else 200)


def _chosen(asked: Asked) -> str:
    """The language that was chosen on this page; empty where nobody chose, so that the account's own stays."""
    language = asked.query.get("language", "")
    return language if language in LANG else ""


async def sign_in(asked: Asked) -> Answer:
    """The first factor."""
    try:
        login, password = asked.needed("login", 254), asked.form.get("password", "")
        token = await staff_access.sign_in(asked.service, login, password, asked.now)
    except SignInRefused:
        return _sign_in(asked, _again(asked))
    if language := _chosen(asked):
        await staff_access.speak(asked.service, token, language, asked.now)
    return GoTo(SECOND, token)


async def second_form(asked: Asked) -> Answer:
    """The second factor, at the sign-in."""
    if asked.reader.session.stage == "full":
        return GoTo(HOME)
    return await _second(asked, SECOND, "", "")


async def again_form(asked: Asked) -> Answer:
    """The second factor once more, before something that asks for it."""
    return await _second(asked, "/staff/again", asked.query.get("next", ""), "")


async def _second(asked: Asked, action: str, onward: str, failed: str) -> Shown:
    async with asked.service.database.reading() as tx:
        keys = await accounts.passkeys_of(tx, asked.reader.account.id)
    values: dict[str, Any] = {
        "heading": asked.words.say_("Потврда да сте то Ви"), "failed": failed, "action": action, "next": onward,
        "has_passkey": bool(keys), "narrow": True, "choosing": False,
    }  # fmt: skip
    return Shown("second.html", values, 422 if failed else 200)


async def second(asked: Asked) -> Answer:
    """A code, at the sign-in or once more."""
    try:
        token = await staff_access.give_code(asked.service, asked.token, asked.needed("code", 40), asked.now)
    except SignInRefused:
        return await _second(asked, asked.address, asked.form.get("next", ""), _again(asked))
    return GoTo(inside(asked.form.get("next", "")), token)


async def second_by_passkey(asked: Asked) -> Answer:
    """A passkey instead of a code."""
    action = asked.address.removesuffix("/passkey")
    try:
        token = await passkeys.confirmed(asked)
    except SignInRefused:
        return await _second(asked, action, asked.form.get("next", ""), _again(asked))
    return GoTo(inside(asked.form.get("next", "")), token)


def inside(address: str) -> str:
    """The address where it is one of the console's own, else the start: never another site."""
    plain = address.startswith("/staff/") and "//" not in address and "\\" not in address and address.isprintable()
    return address if plain else HOME


async def sign_out(asked: Asked) -> Answer:
    """End this session."""
    async with asked.service.database.writing() as tx:
        await staff_access.sign_out(tx, asked.reader, asked.now)
    return GoTo("/staff/sign-in", "")


async def invitation_form(asked: Asked) -> Answer:
    """Password and the code app's secret, for somebody who was invited. An unknown link is a missing page."""
    async with asked.service.database.reading() as tx:
        known = await staff_sessions.invited(tx, asked.path["token"], asked.now)
        account = await accounts.get(tx, known) if known else None
    if account is None:
        return Shown("missing.html", status=404)
    if not _chosen(asked) and account.language in LANG and account.language != asked.words.language:
        return GoTo(f"{asked.address}?language={account.language}")
    return _invitation(asked, account.login, pyotp.random_base32(), "")


def _invitation(asked: Asked, login: str, secret: str, failed: str) -> Shown:
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=asked.words.say_("Конзола"))
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True)
    values = {
        "heading": asked.words.say_("Нови налог"), "failed": failed, "secret": secret, "narrow": True, "choosing": True,
        "picture": Markup(drawn),  # noqa: S704 - drawn by the library from modules, no text in it
    }  # fmt: skip
    return Shown("invitation.html", values, 422 if failed else 200)


async def invitation(asked: Asked) -> Answer:
    """Open the invited account; shows its recovery codes once."""
    secret = asked.needed("secret", 64)
    if len(secret) < 32 or not set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        return Shown("missing.html", status=404)
    try:
        codes = await staff_access.accept(
            asked.service,
            asked.path["token"],
            asked.form.get("password", ""),
            secret,
            asked.needed("code", 10),
            asked.now,
            _chosen(asked),
        )
    except AccountRefused:
        failed = asked.words.say_("Лозинка мора имати бар 12 знакова, а код мора бити онај који телефон сада показује.")
        return _invitation(asked, "", secret, failed)
    except SignInRefused:
        return Shown("missing.html", status=404)
    return Shown(
        "codes.html", {"codes": codes, "onward": f"/staff/sign-in?language={asked.words.language}", "narrow": True}
    )


PAGES = (
    Page("GET", "/staff/sign-in", sign_in_form, open_to="anybody"),
    Page("POST", "/staff/sign-in", sign_in, open_to="anybody"),
    Page("GET", "/staff/second", second_form, open_to="half"),
    Page("POST", "/staff/second", second, open_to="half"),
    Page("POST", "/staff/second/passkey", second_by_passkey, open_to="half"),
    Page("GET", "/staff/again", again_form),
    Page("POST", "/staff/again", second),
    Page("POST", "/staff/again/passkey", second_by_passkey),
    Page("POST", "/staff/passkey/options", passkeys.options_to_confirm, open_to="half"),
    Page("POST", "/staff/sign-out", sign_out, open_to="half"),
    Page("GET", "/staff/invitation/{token}", invitation_form, open_to="anybody"),
    Page("POST", "/staff/invitation/{token}", invitation, open_to="anybody"),
)
