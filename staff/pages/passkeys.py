"""Passkeys (WebAuthn): what the browser is asked to sign, and whether it did. A challenge is used once."""

import json
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from staff.asked import Answer, Asked, BadForm, Bytes, GoTo
from surveys.records import accounts, audit, staff_sessions
from surveys.records.accounts import Passkey
from surveys.records.failures import AlreadyThere
from surveys.steps import staff_access
from surveys.steps.staff_access import SignInRefused


def _host(asked: Asked) -> str:
    return urlsplit(asked.staff_url).hostname or ""


def _known(keys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(json.loads(key.document)["id"])) for key in keys]


async def _keep(asked: Asked, challenge: bytes) -> None:
    async with asked.service.database.writing() as tx:
        await staff_sessions.set_challenge(tx, asked.reader.session.id, bytes_to_base64url(challenge))


async def _taken(asked: Asked) -> bytes:
    async with asked.service.database.writing() as tx:
        challenge = await staff_sessions.take_challenge(tx, asked.reader.session.id)
    return base64url_to_bytes(challenge or "")


async def options_to_make(asked: Asked) -> Answer:
    """What the browser needs to make a key for this account, as JSON."""
    account = asked.reader.account
    async with asked.service.database.reading() as tx:
        keys = await accounts.passkeys_of(tx, account.id)
    options = webauthn.generate_registration_options(
        rp_id=_host(asked), rp_name=asked.words.say_("Конзола"), user_id=account.id.encode(), user_name=account.login,
        exclude_credentials=_known(keys),
        authenticator_selection=AuthenticatorSelectionCriteria(user_verification=UserVerificationRequirement.REQUIRED),
    )  # fmt: skip
    await _keep(asked, options.challenge)
    return Bytes(webauthn.options_to_json(options).encode(), "application/json")


async def make(asked: Asked) -> Answer:
    """Keep the new key; BadForm where the browser's answer does not fit what was asked."""
    challenge = await _taken(asked)
    try:
        made = webauthn.verify_registration_response(
            credential=asked.needed("credential", 8000), expected_challenge=challenge, expected_rp_id=_host(asked),
            expected_origin=asked.staff_url, require_user_verification=True,
        )  # fmt: skip
    except WebAuthnException:
        raise BadForm(asked.words.say_("Кључ није уписан. Покушајте поново.")) from None
    name = bytes_to_base64url(made.credential_id)
    document = json.dumps({"id": name, "key": bytes_to_base64url(made.credential_public_key)})
    account = asked.reader.account.id
    try:
        async with asked.service.database.writing() as tx:
            await accounts.add_passkey(tx, account, name, document, made.sign_count, asked.now)
            audit.record(tx, account, "account.passkey_added", account, asked.now)
    except AlreadyThere:
        raise BadForm(asked.words.say_("Кључ није уписан. Покушајте поново.")) from None
    return GoTo("/staff/me")


async def options_to_confirm(asked: Asked) -> Answer:
    """What the browser needs to sign with a key of this account, as JSON."""
    async with asked.service.database.reading() as tx:
        keys = await accounts.passkeys_of(tx, asked.reader.account.id)
    options = webauthn.generate_authentication_options(
        rp_id=_host(asked), allow_credentials=_known(keys), user_verification=UserVerificationRequirement.REQUIRED
    )
    await _keep(asked, options.challenge)
    return Bytes(webauthn.options_to_json(options).encode(), "application/json")


async def confirmed(asked: Asked) -> str:
    """The session's new token where one of the account's own keys signed; SignInRefused otherwise."""
    challenge = await _taken(asked)
    given = asked.needed("credential", 8000)
    async with asked.service.database.writing() as tx:
        who = await staff_access.signed_in(tx, asked.token, asked.now)
        keys = await accounts.passkeys_of(tx, who.account.id) if who else []
        used = _signed(asked, given, challenge, keys)
        if who is None or used is None or not await accounts.passkey_used(tx, *used):
            raise SignInRefused
        return await staff_access.strengthened(tx, who, asked.now)


def _signed(asked: Asked, given: str, challenge: bytes, keys: list[Passkey]) -> tuple[str, int] | None:
    """The key that signed and its counter."""
    for key in keys:
        kept = json.loads(key.document)
        if kept["id"] != _named(given):
            continue
        try:
            done = webauthn.verify_authentication_response(
                credential=given, expected_challenge=challenge, expected_rp_id=_host(asked),
                expected_origin=asked.staff_url, credential_public_key=base64url_to_bytes(kept["key"]),
                credential_current_sign_count=key.sign_count, require_user_verification=True,
            )  # fmt: skip
        except WebAuthnException:
            return None
        return key.id, done.new_sign_count
    return None


def _named(given: str) -> object:
    try:
        read = json.loads(given)
    except ValueError:
        return None
    return read.get("id") if isinstance(read, dict) else None
