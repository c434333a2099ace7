"""Reads `DIR/posle.toml` into frozen values, or refuses it with the key's name. It never shows a value it refuses."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from posle.settings.model import Home, Keys, Mode, Scheduler, Settings, Sms, Telegram
from posle.settings.reading import build
from posle.settings.section import BadSettings

__all__ = ["FILE", "BadSettings", "Home", "Keys", "Mode", "Scheduler", "Settings", "Sms", "Telegram", "load_settings"]

FILE = "posle.toml"
_LARGEST = 256 * 1024
_LINE = re.compile(r"\(at line (\d+)")


def load_settings(folder: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of `folder`; `environ` stands in for the process's own. BadSettings says what is wrong."""
    folder = folder.absolute()
    try:
        document = tomllib.loads(_text(folder / FILE))
    except tomllib.TOMLDecodeError as problem:
        raise BadSettings(FILE, _where(problem)) from None
    except RecursionError:
        raise BadSettings(FILE, "is nested too deeply; write one line a key") from None
    return build(document, folder, os.environ if environ is None else environ)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise BadSettings(FILE, "is not in this folder; make one with `posle init`") from None
    except OSError:
        raise BadSettings(FILE, "cannot be read by this account") from None
    if len(raw) > _LARGEST:
        raise BadSettings(FILE, "is far too large to be settings")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSettings(FILE, "is not UTF-8; save it as UTF-8") from None


def _where(problem: tomllib.TOMLDecodeError) -> str:
    """The line alone: the parser's own words may quote what stands there."""
    line = _LINE.search(str(problem))
    place = f"line {line[1]}" if line else "the end"
    return f"{place} cannot be understood; look for a missing quote, or a section or key that is there twice"
