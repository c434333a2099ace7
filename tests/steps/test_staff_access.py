"""How staff get in: every wrong way answers alike, every secret works once, a closed account is closed at once."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from surveys.records import accounts, staff_sessions
from surveys.records.accounts import NewAccount
from surveys.rules.roles import Role
from surveys.steps import staff_access, staff_leaving
from surveys.steps.staff_access import AccountRefused, SignInRefused
from tests.steps.stage import Stage

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery"
MIRA = NewAccount("mira@example.org", "Мира Јовић", Role.WORKER, "nis", "sr_Cyrl", "operator")
STEP = timedelta(seconds=30)


def code(now: datetime) -> str:
    return pyotp.TOTP(SECRET).at(now)


async def invited(stage: Stage, new: NewAccount = MIRA) -> staff_access.Invited:
    async with stage.service.database.writing() as tx:
        return await staff_access.invite(tx, stage.service, new, NOW)


async def active(stage: Stage) -> str:
    made = await invited(stage)
    await staff_access.accept(stage.service, made.token, PASSWORD, SECRET, code(NOW - STEP), NOW)
    return made.account


async def entered(stage: Stage, now: datetime = NOW) -> str:
    token = await staff_access.sign_in(stage.service, MIRA.login, PASSWORD, now)
    return await staff_access.give_code(stage.service, token, code(now), now)


async def who(stage: Stage, token: str, now: datetime) -> staff_access.SignedIn | None:
    async with stage.service.database.reading() as tx:
        return await staff_access.signed_in(tx, token, now)


async def test_password_and_code_open_a_full_session_of_the_accounts_role_and_centre(stage: Stage) -> None:
    account = await active(stage)
    found = await who(stage, await entered(stage), NOW)
    assert found is not None
    assert found.session.stage == "full"
    assert (found.reader.account, found.reader.role, found.reader.centre) == (account, Role.WORKER, "nis")
    assert found.fresh(NOW + timedelta(minutes=5))
    assert not found.fresh(NOW + timedelta(minutes=6))


async def test_a_password_alone_is_a_session_that_is_not_full(stage: Stage) -> None:
    await active(stage)
    found = await who(stage, await staff_access.sign_in(stage.service, " MIRA@example.org", PASSWORD, NOW), NOW)
    assert found is not None
    assert found.session.stage == "password"
    assert not found.fresh(NOW)


@pytest.mark.parametrize("login", [MIRA.login, "nobody@example.org"])
async def test_a_wrong_password_and_an_unknown_login_are_refused_alike(stage: Stage, login: str) -> None:
    await active(stage)
    with pytest.raises(SignInRefused):
        await staff_access.sign_in(stage.service, login, "another horse battery", NOW)


async def test_a_code_works_once(stage: Stage) -> None:
    await active(stage)
    await entered(stage)
    token = await staff_access.sign_in(stage.service, MIRA.login, PASSWORD, NOW)
    with pytest.raises(SignInRefused):
        await staff_access.give_code(stage.service, token, code(NOW), NOW)


async def test_a_recovery_code_works_once_and_in_any_case(stage: Stage) -> None:
    made = await invited(stage)
    codes = await staff_access.accept(stage.service, made.token, PASSWORD, SECRET, code(NOW), NOW)
    assert len(set(codes)) == staff_access.CODES
    for expected in (True, False):
        token = await staff_access.sign_in(stage.service, MIRA.login, PASSWORD, NOW)
        if expected:
            await staff_access.give_code(stage.service, token, codes[0].upper(), NOW)
        else:
            with pytest.raises(SignInRefused):
                await staff_access.give_code(stage.service, token, codes[0], NOW)


async def test_the_second_factor_changes_the_token_so_that_a_planted_session_is_worth_nothing(stage: Stage) -> None:
    await active(stage)
    planted = await staff_access.sign_in(stage.service, MIRA.login, PASSWORD, NOW)
    await staff_access.give_code(stage.service, planted, code(NOW), NOW)
    assert await who(stage, planted, NOW) is None


async def test_an_invitation_works_once_and_for_three_days(stage: Stage) -> None:
    made = await invited(stage)
    late = NOW + staff_access.INVITATION
    with pytest.raises(SignInRefused):
        await staff_access.accept(stage.service, made.token, PASSWORD, SECRET, code(late), late)
    await staff_access.accept(stage.service, made.token, PASSWORD, SECRET, code(NOW), NOW)
    with pytest.raises(SignInRefused):
        await staff_access.accept(stage.service, made.token, PASSWORD, SECRET, code(NOW), NOW)


async def test_a_session_ends_after_a_quarter_of_an_hour_idle_and_after_eight_hours(stage: Stage) -> None:
    await active(stage)
    token, at = await entered(stage), NOW
    assert await who(stage, token, NOW + staff_access.IDLE) is None
    while at < NOW + staff_access.ABSOLUTE - timedelta(minutes=10):
        at += timedelta(minutes=10)
        found = await who(stage, token, at)
        assert found is not None
        async with stage.service.database.writing() as tx:
            await staff_sessions.touch(tx, found.session.id, at)
    assert await who(stage, token, NOW + staff_access.ABSOLUTE) is None


async def test_guessing_is_slowed_and_a_right_password_waits_too(stage: Stage) -> None:
    await active(stage)
    for _ in range(staff_access.FREE_FAILURES + 3):
        with pytest.raises(SignInRefused):
            await staff_access.sign_in(stage.service, MIRA.login, "wrong wrong wrong", NOW)
    with pytest.raises(SignInRefused):
        await staff_access.sign_in(stage.service, MIRA.login, PASSWORD, NOW)
    assert await entered(stage, NOW + staff_access.LONGEST_WAIT)


async def test_guessing_codes_is_slowed_too(stage: Stage) -> None:
    await active(stage)
    token = await staff_access.sign_in(stage.service, MIRA.login, PASSWORD, NOW)
    for guess in range(staff_access.FREE_FAILURES):
        with pytest.raises(SignInRefused):
            await staff_access.give_code(stage.service, token, f"{guess:06}", NOW)
    with pytest.raises(SignInRefused):
        await staff_access.give_code(stage.service, token, code(NOW), NOW)


async def test_a_closed_account_loses_its_sessions_at_once_and_signs_in_no_more(stage: Stage) -> None:
    account = await active(stage)
    token = await entered(stage)
    async with stage.service.database.writing() as tx:
        found = await accounts.get(tx, account)
        assert found is not None
        await staff_leaving.close(tx, found, "operator", NOW)
    assert await who(stage, token, NOW) is None
    with pytest.raises(SignInRefused):
        await staff_access.sign_in(stage.service, MIRA.login, PASSWORD, NOW)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"login": "mira"}, "e-mail"),
        ({"name": "  "}, "name"),
        ({"centre": "*"}, "centre"),
        ({"centre": "atlantis"}, "centre"),
        ({"role": Role.COORDINATOR}, "centre"),
        ({"language": "de"}, "language"),
    ],
)
async def test_a_bad_account_is_refused_by_its_field(stage: Stage, change: dict[str, str], word: str) -> None:
    given = {name: getattr(MIRA, name) for name in NewAccount.__slots__} | change
    with pytest.raises(AccountRefused, match=word):
        await invited(stage, NewAccount(**given))


async def test_a_login_is_taken_once(stage: Stage) -> None:
    await invited(stage)
    with pytest.raises(AccountRefused, match="e-mail"):
        await invited(stage)


async def test_no_name_login_or_secret_stands_in_clear_in_the_database(stage: Stage) -> None:
    await active(stage)
    async with stage.service.database.reading() as tx:
        found = await accounts.find(tx, MIRA.login)
        rows, _ = await tx.link.execute("SELECT * FROM accounts", ())
    stored = b"|".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)
    assert found is not None
    assert (found.name, found.totp) == (MIRA.name, SECRET)
    assert PASSWORD not in repr(found)
    for fact in (MIRA.name, MIRA.login, SECRET, PASSWORD):
        assert fact.encode() not in stored
