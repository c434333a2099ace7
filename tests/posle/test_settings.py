"""Settings are read strictly: what is wrong is named by section and key, and no value is ever repeated."""

import re
from pathlib import Path

import pytest

from posle.settings import BadSettings, Mode, Settings, load_settings
from posle.settings.reading import DATABASE
from posle.template import settings_text
from surveys.rules.vocabulary import Side

TOKEN = "7216493051:AAHk3vQz9LmT4xWc8RbYn2JsPd6GfUe1Kio"
AUTH = "8f14e45fceea167a5a36dedd4bea2543"
ACCOUNT = "AC0cc175b9c0f1b6a831c399e269772661"
SIDE = '[side]\nname = "ex-perpetrators"\n'
STAND_IN = 'api_url = "http://127.0.0.1:9999"\n'


def load(folder: Path, text: str, **environ: str) -> Settings:
    (folder / "posle.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, environ)


def test_the_shortest_file_has_safe_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, SIDE)
    assert settings.side.name is Side.EX_PERPETRATORS
    assert (settings.side.host, settings.side.port) == ("127.0.0.1", 8080)
    assert settings.side.public_url == "http://127.0.0.1:8080"
    assert str(settings.side.timezone) == "Europe/Belgrade"
    assert settings.database == f"sqlite:///{tmp_path}/posle.db"
    assert settings.keys.file == tmp_path / "side.key"
    assert settings.keys.evaluators_public is None
    assert settings.telegram is None
    assert settings.sms is None
    assert settings.scheduler.clock_guard


def test_everything_that_the_contract_names_is_read(tmp_path: Path) -> None:
    text = f"""
[side]
name = "survivors"
public_url = "https://surveys.example.org/"
listen = "[::1]:9000"
timezone = "Europe/Budapest"
[database]
url = "postgresql://posle:hB7-kQ@db.example.org/his"
[telegram]
token = "{TOKEN}"
api_url = "http://localhost:8081/"
mode = "webhook"
[sms]
account_sid = "{ACCOUNT}"
auth_token = "{AUTH}"
sender = "Anketa"
two_way = false
api_url = "https://sms.example.org"
[staff]
public_url = "https://staff.example.org"
[page]
exit_url = "https://weather.example.org/today?x=1"
[alerts]
smtp_url = "smtps://user:pa55@mail.example.org:465"
[keys]
file = "keys/mine.key"
evaluators_public = "/etc/evaluators.pub"
[scheduler]
tick_seconds = 0.05
clock_guard = false
"""
    settings = load(tmp_path, text)
    assert settings.side.public_url == "https://surveys.example.org"
    assert (settings.side.host, settings.side.port) == ("::1", 9000)
    assert settings.need_telegram().mode is Mode.WEBHOOK
    assert settings.need_telegram().api_url == "http://localhost:8081"
    assert settings.sms is not None
    assert settings.sms.sender == "Anketa"
    assert settings.exit_url == "https://weather.example.org/today?x=1"
    assert settings.keys.file == tmp_path / "keys/mine.key"
    assert settings.keys.evaluators_public == Path("/etc/evaluators.pub")
    assert (settings.scheduler.tick_seconds, settings.scheduler.clock_guard) == (0.05, False)


def test_printing_settings_shows_no_secret(tmp_path: Path) -> None:
    text = f'{SIDE}[telegram]\ntoken = "{TOKEN}"\n[database]\nurl = "postgresql://a:hB7-kQ@h/n"\n'
    text += f'[sms]\naccount_sid = "{ACCOUNT}"\nauth_token = "{AUTH}"\nsender = "Anketa"\n'
    text += '[alerts]\nsmtp_url = "smtps://u:pa55@h"\n'
    printed = repr(load(tmp_path, text))
    for secret in (TOKEN, AUTH, ACCOUNT, "hB7-kQ", "pa55"):
        assert secret not in printed


def test_a_secret_comes_from_a_file_or_the_environment_instead(tmp_path: Path) -> None:
    (tmp_path / "bot").write_text(TOKEN + "\n")
    settings = load(
        tmp_path,
        f'{SIDE}[telegram]\ntoken_file = "bot"\n[sms]\nsender = "+381641234567"\n',
        POSLE_SMS_ACCOUNT_SID=ACCOUNT,
        POSLE_SMS_AUTH_TOKEN=AUTH,
        POSLE_ALERTS_SMTP_URL="smtps://mail.example.org",
        POSLE_DATABASE_URL="postgresql://h/n",
    )
    assert settings.need_telegram().token == TOKEN
    assert settings.sms is not None
    assert settings.sms.auth_token == AUTH
    assert settings.smtp_url == "smtps://mail.example.org"
    assert settings.database == "postgresql://h/n"


def test_a_section_that_stands_in_the_environment_alone_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, SIDE, POSLE_TELEGRAM_TOKEN=TOKEN).need_telegram().token == TOKEN


def test_a_test_token_is_good_enough_for_a_stand_in_server(tmp_path: Path) -> None:
    text = f'{SIDE}[telegram]\ntoken = "123456:TESTTOKEN"\n{STAND_IN}'
    assert load(tmp_path, text).need_telegram().token == "123456:TESTTOKEN"


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("evaluators", [True, False])
def test_what_init_writes_is_read_as_it_stands(tmp_path: Path, side: Side, evaluators: bool) -> None:
    settings = load(tmp_path, settings_text(side, database=DATABASE, evaluators=evaluators))
    assert settings.side.name is side
    assert (settings.keys.evaluators_public is not None) is evaluators


@pytest.mark.parametrize("side", list(Side))
def test_what_init_writes_refuses_its_own_placeholders_when_they_are_only_uncommented(
    tmp_path: Path, side: Side
) -> None:
    text = settings_text(side, database=DATABASE, evaluators=True)
    for section, key in (("telegram", "token"), ("sms", "account_sid")):
        open_section = text.replace(f"# [{section}]", f"[{section}]").replace(f"# {key} =", f"{key} =")
        with pytest.raises(BadSettings, match="placeholder"):
            load(tmp_path, open_section)


TELEGRAM = f'{SIDE}[telegram]\ntoken = "{TOKEN}"\n'
SMS = f'{SIDE}[sms]\naccount_sid = "{ACCOUNT}"\nauth_token = "{AUTH}"\n'
BAD: dict[str, tuple[str, str]] = {
    "no side": ("", "[side] name: is missing"),
    "unknown side": ('[side]\nname = "his"\n', "[side] name: must be one of ex-perpetrators, survivors"),
    "unknown section": (f"{SIDE}[telgram]\n", "[telgram]: is no section that is known; did you mean [telegram]?"),
    "unknown key": (f'{SIDE}[telegram]\ntokn = "{TOKEN}"\n', "[telegram] tokn: is no key that is known; did you mean"),
    "key outside": ('name = "x"\n', "name: stands outside any section"),
    "wrong type": (f"{SIDE}[telegram]\ntoken = 5\n", "[telegram] token: must be text in quotes"),
    "section twice": (f"{SIDE}{SIDE}", "posle.toml: line 3 cannot be understood"),
    "no TOML": ("[side\n", "posle.toml: line 1 cannot be understood"),
    "empty secret": (f'{SIDE}[telegram]\ntoken = ""\n', "[telegram] token: is empty"),
    "blank secret": (f'{SIDE}[telegram]\ntoken = "  "\n', "[telegram] token: is empty"),
    "missing secret": (f'{SIDE}[telegram]\nmode = "polling"\n', "[telegram] token: is missing"),
    "placeholder": (f'{SIDE}[telegram]\ntoken = "changeme"\n', "[telegram] token: is still a placeholder"),
    "no token": (f'{SIDE}[telegram]\ntoken = "letmein"\n', "[telegram] token: is no bot token"),
    "short token": (f'{SIDE}[telegram]\ntoken = "123456:TESTTOKEN"\n', "[telegram] token: is no bot token"),
    "weak token": (f'{SIDE}[telegram]\ntoken = "123456:{"A" * 35}"\n', "[telegram] token: is too weak"),
    "two sources": (f'{TELEGRAM}token_file = "x"\n', "[telegram] token: is given twice"),
    "missing file": (f'{SIDE}[telegram]\ntoken_file = "x"\n', "[telegram] token_file: cannot be read"),
    "mode": (f'{TELEGRAM}mode = "push"\n', "[telegram] mode: must be one of webhook, polling"),
    "webhook without https": (f'{TELEGRAM}mode = "webhook"\n', "[telegram] mode: webhook needs an https:// address"),
    "plain api_url": (f'{TELEGRAM}api_url = "http://bots.example.org"\n', "[telegram] api_url: must begin with https://"),
    "api_url with query": (f'{TELEGRAM}api_url = "https://b.example.org?x=1"\n', "[telegram] api_url: must end"),
    "account too short": (f'{SIDE}[sms]\naccount_sid = "{ACCOUNT[:-1]}"\nauth_token = "{AUTH}"\nsender = "A"\n',
                          "[sms] account_sid: is no account SID; copy the whole of it: AC, then 32"),
    "no auth token": (f'{SIDE}[sms]\naccount_sid = "{ACCOUNT}"\nsender = "A"\n', "[sms] auth_token: is missing"),
    "no sender": (SMS, "[sms] sender: is missing"),
    "long sender": (f'{SMS}sender = "AnketaOZivotu"\n', "[sms] sender: must be a number"),
    "two-way name": (f'{SMS}sender = "Anketa"\ntwo_way = true\n', "[sms] two_way: must be false with this sender"),
    "flag in quotes": (f'{SMS}sender = "Anketa"\ntwo_way = "no"\n', "[sms] two_way: must be true or false"),
    "plain public_url": (f'{SIDE}public_url = "http://surveys.example.org"\n', "[side] public_url: must begin"),
    "no web address": (f'{SIDE}public_url = "surveys.example.org"\n', "[side] public_url: must be a web address"),
    "password in address": (f'{SIDE}public_url = "https://a:b@x.org"\n', "[side] public_url: must not hold"),
    "no public_url": (f'{SIDE}listen = "0.0.0.0:80"\n', "[side] public_url: is missing"),
    "listen without port": (f'{SIDE}listen = "127.0.0.1"\n', "[side] listen: must be host:port"),
    "listen far port": (f'{SIDE}listen = "127.0.0.1:99999"\n', "[side] listen: must be host:port"),
    "listen with path": (f'{SIDE}listen = "127.0.0.1:80/x"\n', "[side] listen: must be host:port"),
    "timezone": (f'{SIDE}timezone = "Europe/Nis"\n', "[side] timezone: is no zone that is known"),
    "timezone outside": (f'{SIDE}timezone = "../../etc/passwd"\n', "[side] timezone: is no zone that is known"),
    "database": (f'{SIDE}[database]\nurl = "mysql://u:p4ss@h/n"\n', "[database] url: must be sqlite:///FILE"),
    "staff": (f'{SIDE}[staff]\npublic_url = "ftp://x"\n', "[staff] public_url: must be a web address"),
    "exit": (f'{SIDE}[page]\nexit_url = "javascript:1"\n', "[page] exit_url: must be a web address"),
    "no mail server": (f'{SIDE}[alerts]\nsmtp_url = "http://mail.example.org"\n', "[alerts] smtp_url: must be smtps"),
    "mail with a path": (f'{SIDE}[alerts]\nsmtp_url = "smtps://h/x"\n', "[alerts] smtp_url: must end"),
    "mail sender": (f'{SIDE}[alerts]\nsender = "konzola"\n', "[alerts] sender: must be an e-mail address"),
    "tick too fast": (f"{SIDE}[scheduler]\ntick_seconds = 0.01\n", "[scheduler] tick_seconds: must be"),
    "tick flag": (f"{SIDE}[scheduler]\ntick_seconds = true\n", "[scheduler] tick_seconds: must be a number"),
    "tick nan": (f"{SIDE}[scheduler]\ntick_seconds = nan\n", "[scheduler] tick_seconds: must be a number"),
    "unguarded live": (f"{TELEGRAM}[scheduler]\nclock_guard = false\n", "[scheduler] clock_guard: may be false"),
    "unguarded sms": (
        f'{SMS}sender = "Anketa"\n[telegram]\ntoken = "{TOKEN}"\n{STAND_IN}[scheduler]\nclock_guard = false\n',
        "[scheduler] clock_guard: may be false only in a drill",
    ),
    "unguarded nothing": (f"{SIDE}[scheduler]\nclock_guard = false\n", "[scheduler] clock_guard: may be false only"),
    "line break in value": (f'{SIDE}[keys]\nfile = "a\\nb"\n', "[keys] file: must be one line"),
    "number as section": ("side = 5\n", "side: stands outside any section"),
    "nested too deeply": (f"{SIDE}x = {'[' * 5000}{']' * 5000}\n", "posle.toml: "),
}  # fmt: skip
SECRETS = (TOKEN, AUTH, ACCOUNT, "p4ss", "letmein", "changeme", "TESTTOKEN", "javascript")


@pytest.mark.parametrize("kind", BAD)
def test_bad_settings_are_refused_by_name_and_without_their_value(tmp_path: Path, kind: str) -> None:
    text, expected = BAD[kind]
    with pytest.raises(BadSettings) as caught:
        load(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(expected)
    assert "\n" not in message
    assert not [secret for secret in SECRETS if secret in message]
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_secret_in_the_file_and_in_the_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=re.escape("[telegram] token: is given twice")):
        load(tmp_path, TELEGRAM, POSLE_TELEGRAM_TOKEN=TOKEN)


def test_a_bad_secret_from_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="POSLE_TELEGRAM_TOKEN") as caught:
        load(tmp_path, SIDE, POSLE_TELEGRAM_TOKEN="letmein")
    assert "letmein" not in str(caught.value)


def test_a_folder_without_settings_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="posle init"):
        load_settings(tmp_path / "nowhere", {})


@pytest.mark.parametrize("raw", [b"\xff\xfe[side]", b"# " + b"x" * 300_000])
def test_a_file_that_is_no_text_or_huge_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "posle.toml").write_bytes(raw)
    with pytest.raises(BadSettings, match=r"posle\.toml: is"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("host", ["surveys.example.org", "SURVEYS.example.org:8443"])
def test_safety_her_sides_console_is_never_on_the_host_of_her_page(tmp_path: Path, host: str) -> None:
    side = '[side]\nname = "survivors"\npublic_url = "https://surveys.example.org"\n'
    with pytest.raises(BadSettings, match=r"\[staff\] public_url: must be a host of its own"):
        load(tmp_path, f'{side}[staff]\npublic_url = "https://{host}"\n')


@pytest.mark.parametrize("said", ["https://staff.example.org/", "https://Staff.example.org/staff"])
def test_the_consoles_address_is_an_origin_as_browsers_write_it(tmp_path: Path, said: str) -> None:
    assert load(tmp_path, f'{SIDE}[staff]\npublic_url = "{said}"\n').staff_url == "https://staff.example.org"


@pytest.mark.parametrize(("said", "is_on"), [("", False), ("two_people = true", True), ("two_people = false", False)])
def test_whether_rows_leave_by_two_alone_stands_in_the_file(tmp_path: Path, said: str, is_on: bool) -> None:
    assert load(tmp_path, f"{SIDE}[export]\n{said}\n").two_people is is_on


def test_whether_rows_leave_by_two_alone_stands_in_the_environment_or_in_the_file(tmp_path: Path) -> None:
    assert load(tmp_path, SIDE, POSLE_EXPORT_TWO_PEOPLE="true").two_people
    with pytest.raises(BadSettings, match=r"\[export\] two_people: is given twice"):
        load(tmp_path, f"{SIDE}[export]\ntwo_people = false\n", POSLE_EXPORT_TWO_PEOPLE="true")
    for unclear in ("", "yes", "1"):
        with pytest.raises(BadSettings, match="must be true or false"):
            load(tmp_path, SIDE, POSLE_EXPORT_TWO_PEOPLE=unclear)
