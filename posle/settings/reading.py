"""Builds the settings from the sections that were read. It opens no database and talks to nobody."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from posle.settings import addresses, secret
from posle.settings.model import TELEGRAM_API, TWILIO_API, Home, Keys, Mode, Paging, Scheduler, Settings, Sms, Telegram
from posle.settings.section import BadSettings, Section, nearest, shown
from surveys.rules.vocabulary import Side
from web.callers import Network, networks

KNOWN: Mapping[str, tuple[str, ...]] = {
    "side": ("name", "public_url", "listen", "timezone", "languages", "phone", "proxies"),
    "database": ("url", "url_file"),
    "telegram": ("token", "token_file", "api_url", "mode"),
    "sms": (
        "account_sid",
        "account_sid_file",
        "auth_token",
        "auth_token_file",
        "sender",
        "two_way",
        "api_url",
        "messaging_service_sid",
        "provider_auto_reply_off",
        "discard_content",
        "obfuscate_address",
        "segment_price",
        "currency",
    ),
    "staff": ("public_url", "downloads"),
    "page": ("exit_url", "cover"),
    "alerts": (
        "smtp_url",
        "smtp_url_file",
        "sender",
        "sms_account_sid",
        "sms_account_sid_file",
        "sms_auth_token",
        "sms_auth_token_file",
        "sms_sender",
        "sms_api_url",
    ),
    "export": ("two_people",),
    "keys": ("file", "evaluators_public"),
    "scheduler": ("tick_seconds", "clock_guard"),
}
SECRETS = (
    ("database", "url"),
    ("telegram", "token"),
    ("sms", "account_sid"),
    ("sms", "auth_token"),
    ("alerts", "smtp_url"),
    ("alerts", "sms_account_sid"),
    ("alerts", "sms_auth_token"),
)
LISTEN, TIMEZONE, DATABASE, KEY_FILE, TICK = "127.0.0.1:8080", "Europe/Belgrade", "sqlite:///posle.db", "side.key", 5.0
_PROXIES = 'must be the addresses or networks of your own proxies, such as ["127.0.0.1"]'
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def _cover_problem(name: str) -> str | None:
    return None if name.strip() and name.isprintable() and "/" not in name else "must be the name of a cover's file"


def _phone_problem(number: str) -> str | None:
    return None if _NUMBER.fullmatch(number.replace(" ", "")) else "must be a telephone number such as +381 11 1234567"


def build(document: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> Settings:
    """The settings; BadSettings for the first thing that is wrong."""
    sections = _sections(document, folder, environ)
    home = _home(sections["side"])
    telegram, sms = _telegram(sections["telegram"], home), _sms(sections["sms"])
    paging = _paging(sections["alerts"], sms)
    return Settings(
        folder=folder,
        side=home,
        database=_database(sections["database"]),
        telegram=telegram,
        sms=sms,
        staff_url=_staff(sections["staff"], home),
        staff_downloads=sections["staff"].flag("downloads", False) if "downloads" in sections["staff"].values else None,
        exit_url=sections["page"].checked("exit_url", addresses.web_problem),
        cover=sections["page"].checked("cover", _cover_problem),
        smtp_url=secret.read_secret(sections["alerts"], "smtp_url", addresses.mail_problem),
        mail_sender=sections["alerts"].checked("sender", addresses.mailbox_problem),
        paging=paging,
        two_people=_two_people(sections["export"]),
        keys=_keys(sections["keys"]),
        scheduler=_scheduler(sections["scheduler"], [each.api_url for each in (telegram, sms, paging) if each]),
    )


def _sections(document: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> dict[str, Section]:
    for name, values in document.items():
        if not isinstance(values, Mapping):
            raise BadSettings(shown(name), "stands outside any section; move it under its [section]")
        if name not in KNOWN:
            raise BadSettings(f"[{shown(name)}]", f"is no section that is known{nearest(name, KNOWN, '[{}]')}")
    sections = {name: Section(name, document.get(name, {}), folder, environ) for name in KNOWN}
    for name, section in sections.items():
        section.refuse_unknown(KNOWN[name])
    return sections


def _home(section: Section) -> Home:
    name = section.word("name", Side)
    listen = addresses.host_and_port(section.text("listen", LISTEN))
    if listen is None:
        raise section.bad("listen", f"must be host:port, such as {LISTEN}")
    public_url = _base(section, "public_url")
    if public_url is None:
        if not addresses.loopback(listen[0]):
            raise section.bad("public_url", "is missing; give the https:// address that the proxy answers on")
        public_url = f"http://{section.text('listen', LISTEN)}"
    phone = section.checked("phone", _phone_problem) or ""
    return Home(name, public_url, *listen, _timezone(section), section.path("languages"), phone, _proxies(section))


def _proxies(section: Section) -> tuple[Network, ...]:
    written = section.values.get("proxies", [])
    if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
        raise section.bad("proxies", _PROXIES)
    try:
        return networks(written)
    except ValueError:
        raise section.bad("proxies", _PROXIES) from None


def _timezone(section: Section) -> ZoneInfo:
    name = section.text("timezone", TIMEZONE)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # an unknown name may look like a folder, a device or a path outside
        raise section.bad("timezone", f"is no zone that is known; write it as {TIMEZONE}") from None


def _base(section: Section, key: str, default: str | None = None) -> str | None:
    value = section.checked(key, addresses.base_problem, default)
    return value.rstrip("/") if value else None


def _staff(section: Section, home: Home) -> str | None:
    """The console's own origin; on the survivors' side never on the host of her page (docs/threat-model.md)."""
    url = _base(section, "public_url")
    if url is None:
        return None
    if home.name is Side.SURVIVORS and urlsplit(url).hostname == urlsplit(home.public_url).hostname:
        raise section.bad("public_url", "must be a host of its own on the survivors' side, not [side] public_url's")
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc}"  # as browsers write a form's origin; the console is under /staff/ there


def _database(section: Section) -> str:
    url = secret.read_secret(section, "url", _database_problem) or DATABASE
    if not url.startswith("sqlite:///"):
        return url
    return f"sqlite:///{section.folder / url.removeprefix('sqlite:///')}"


def _database_problem(url: str) -> str | None:
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///") and "?" not in url:
        return None
    if url.startswith(("postgresql://", "postgres://")) and len(url) > len("postgresql://"):
        return None
    return "must be sqlite:///FILE or postgresql://user:password@host/name"


def _telegram(section: Section, home: Home) -> Telegram | None:
    if not _filled(section):
        return None
    api_url = _base(section, "api_url", TELEGRAM_API)
    assert api_url is not None
    token = secret.need_secret(section, "token", secret.judge_bot_token(api_url))
    mode = section.word("mode", Mode, Mode.POLLING)
    if mode is Mode.WEBHOOK and addresses.provider_owned(api_url) and not home.public_url.startswith("https:"):
        raise section.bad("mode", "webhook needs an https:// address in [side] public_url; use polling without one")
    return Telegram(token, api_url, mode)


def _sms(section: Section) -> Sms | None:
    if not _filled(section):
        return None
    api_url = _base(section, "api_url", TWILIO_API)
    assert api_url is not None
    sms = Sms(
        account_sid=secret.need_secret(section, "account_sid", secret.judge_account(api_url)),
        auth_token=secret.need_secret(section, "auth_token", secret.judge_auth_token(api_url)),
        sender=section.text("sender"),
        two_way=section.flag("two_way", False),
        api_url=api_url,
        messaging_service_sid=section.checked("messaging_service_sid", _service_problem),
        auto_reply_off=section.flag("provider_auto_reply_off", False),
        discards=section.flag("discard_content", False),
        obfuscates=section.flag("obfuscate_address", False),
        segment_price=section.number("segment_price", 0, 0, 100) if "segment_price" in section.values else None,
        currency=section.text("currency", "USD"),
    )
    _judge_sender(section, "sender", sms.sender)
    if not re.fullmatch(r"[A-Z]{3}", sms.currency):
        raise section.bad("currency", "must be three capital letters, such as USD")
    if sms.two_way and not _NUMBER.fullmatch(sms.sender):
        raise section.bad("two_way", "must be false with this sender; only a number can receive")
    return sms


def _judge_sender(section: Section, key: str, sender: str) -> None:
    if not _NUMBER.fullmatch(sender) and not _NAME.fullmatch(sender):
        raise section.bad(key, "must be a number such as +38164… or a name of at most 11 letters and digits")


def _paging(section: Section, towards_people: Sms | None) -> Paging | None:
    """The account by which staff are told. What people get never comes from it, nor the other way round."""
    own = [key for key in KNOWN["alerts"] if key.startswith("sms_")]
    named = [secret.variable(section.name, key) for key in own]
    if not any(key in section.values for key in own) and not any(name in section.environ for name in named):
        return None
    api_url = _base(section, "sms_api_url", TWILIO_API)
    assert api_url is not None
    paging = Paging(
        account_sid=secret.need_secret(section, "sms_account_sid", secret.judge_account(api_url)),
        auth_token=secret.need_secret(section, "sms_auth_token", secret.judge_auth_token(api_url)),
        sender=section.text("sms_sender"),
        api_url=api_url,
    )
    _judge_sender(section, "sms_sender", paging.sender)
    if towards_people is not None and paging.account_sid == towards_people.account_sid:
        raise section.bad("sms_account_sid", "must not be [sms] account_sid: people and staff never share an account")
    if towards_people is not None and paging.sender.casefold() == towards_people.sender.casefold():
        raise section.bad("sms_sender", "must not be [sms] sender: people and staff never share a sender")
    return paging


def _service_problem(sid: str) -> str | None:
    return None if _SERVICE.fullmatch(sid) else "must be the service's SID: MG and 32 hexadecimal digits"


def _filled(section: Section) -> bool:
    named = (secret.variable(section.name, key) for name, key in SECRETS if name == section.name)
    return bool(section.values) or any(name in section.environ for name in named)


def _two_people(section: Section) -> bool:
    """In the file or in the environment, and in one place only, as what is secret."""
    named = secret.variable(section.name, "two_people")
    if named not in section.environ:
        return section.flag("two_people", False)
    if "two_people" in section.values:
        raise section.bad("two_people", f"is given twice; keep one of two_people and the variable {named}")
    if section.environ[named] not in ("true", "false"):
        raise section.bad("two_people", f"must be true or false (from the variable {named})")
    return section.environ[named] == "true"


def _keys(section: Section) -> Keys:
    file = section.path("file", KEY_FILE)
    assert file is not None
    return Keys(file, section.path("evaluators_public"))


def _scheduler(section: Section, api_urls: list[str]) -> Scheduler:
    guard = section.flag("clock_guard", True)
    if not guard and (not api_urls or any(addresses.provider_owned(url) for url in api_urls)):
        raise section.bad(
            "clock_guard", "may be false only in a drill, with api_url away from the provider's own server"
        )
    return Scheduler(section.number("tick_seconds", TICK, 0.05, 3600), guard)
