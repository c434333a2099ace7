"""Where a secret comes from (the key, a file or the environment, one of them only) and when it is too weak to use."""

import re
from collections.abc import Callable
from pathlib import Path

from posle.settings.addresses import provider_owned
from posle.settings.section import Section

_LONGEST = 4096
_PLACEHOLDERS = ("change", "placeholder", "replace", "your", "xxxx", "todo", "insert", "...", "…", "<", ">")
_PLACEHOLDERS_LIVE = (*_PLACEHOLDERS, "example", "secret", "password", "abc-def1234ghikl")
_BOT = re.compile(r"\d+:[A-Za-z0-9_-]{4,}")
_BOT_LIVE = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
_ACCOUNT = re.compile(r"AC[0-9A-Za-z]{4,}")
_ACCOUNT_LIVE = re.compile(r"AC[0-9a-f]{32}")

Judge = Callable[[str], str | None]


def variable(section: str, key: str) -> str:
    """The environment variable that may hold this secret: `POSLE_TELEGRAM_TOKEN`."""
    return f"POSLE_{section}_{key}".upper()


def read_secret(section: Section, key: str, judge: Judge) -> str | None:
    """The secret from its one source, judged; `None` where there is none. BadSettings names the source to mend."""
    name = variable(section.name, key)
    sources = [key in section.values, f"{key}_file" in section.values, name in section.environ]
    if sum(sources) > 1:
        raise section.bad(key, f"is given twice; keep one of {key}, {key}_file and the variable {name}")
    if sources[1]:
        return _judged(section, f"{key}_file", _from_file(section, key), judge)
    if sources[2]:
        return _judged(section, key, section.environ[name], judge, f" (from the variable {name})")
    return _judged(section, key, section.optional(key), judge)


def need_secret(section: Section, key: str, judge: Judge) -> str:
    """The same, where nothing works without it."""
    found = read_secret(section, key, judge)
    if found is None:
        raise section.bad(key, f"is missing; put it into posle.toml, {key}_file or {variable(section.name, key)}")
    return found


def _judged(section: Section, key: str, value: str | None, judge: Judge, where: str = "") -> str | None:
    if value is None:
        return None
    if not value.strip():
        raise section.bad(key, f"is empty{where}; fill it in")
    plain = value.isprintable() and value == value.strip()
    problem = judge(value) if plain else "must be one line without blanks around it"
    if problem:
        raise section.bad(key, problem + where)
    return value


def _from_file(section: Section, key: str) -> str:
    path = section.folder / section.text(f"{key}_file")
    try:
        text = _read(path)
    except (OSError, UnicodeDecodeError):
        raise section.bad(f"{key}_file", "cannot be read; check that the file is there and who owns it") from None
    return text.rstrip("\r\n")


def _read(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.read(_LONGEST)


def judge_bot_token(api_url: str) -> Judge:
    """A bot token has a number, a colon and a long random part; the provider's own server gets no test token."""
    live = provider_owned(api_url)
    return _judge(_BOT_LIVE if live else _BOT, live, "is no bot token; copy the whole of it from BotFather")


def judge_account(api_url: str) -> Judge:
    """A Twilio account begins with AC; the provider's own have 32 hex digits after it."""
    live = provider_owned(api_url)
    rest = "then 32 digits or letters from a to f" if live else "then at least four letters or digits"
    return _judge(_ACCOUNT_LIVE if live else _ACCOUNT, live, f"is no account SID; copy the whole of it: AC, {rest}")


def judge_auth_token(api_url: str) -> Judge:
    """Twilio's auth token is 32 hex digits; a stand-in's has at least eight signs."""
    live = provider_owned(api_url)
    shape = re.compile(r"[0-9a-f]{32}") if live else re.compile(r".{8,}")
    return _judge(shape, live, "is too short or no auth token; copy the whole of it")


def _judge(shape: re.Pattern[str], live: bool, otherwise: str) -> Judge:
    def problem(value: str) -> str | None:
        if any(word in value.casefold() for word in (_PLACEHOLDERS_LIVE if live else _PLACEHOLDERS)):
            return "is still a placeholder; put the real one in"
        if not shape.fullmatch(value):
            return otherwise
        if live and len(set(value)) < 10:
            return "is too weak; have a new one made"
        return None

    return problem
