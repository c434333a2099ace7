"""What can be seen of a side's folder without opening its database: modes, keys, disk, tombstones."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from posle.doctor.finding import Finding, missing, ok, wrong
from posle.settings import FILE, Settings
from posle.settings.dullness import undull_settings
from posle.wiring import TOMBSTONES
from surveys.records.evaluators import EvaluatorKeyRefused, read_evaluators_public
from surveys.records.keyfile import KeyFileRefused, load_keys
from surveys.rules.vocabulary import Side

LEAST_SPACE = 512 * 1024 * 1024
_OTHERS = 0o007
_ANYBODY = 0o077


def examine_folder(settings: Settings) -> Iterator[Finding]:
    """Modes, keys, disk space and the tombstone file."""
    yield _modes(settings)
    yield _keys(settings)
    yield _evaluators(settings)
    yield _phone(settings)
    yield _proxies(settings)
    yield _space(settings.folder)
    yield _tombstones(settings.folder)


def examine_words(settings: Settings) -> Iterator[Finding]:
    """Sender, host and exit say nothing of the programme."""
    loud = list(undull_settings(settings))
    advice = f"{', '.join(loud)} holds a word of the programme's vocabulary; the side is not served until it is changed"
    yield wrong("dull words", advice) if loud else ok("dull words")


def _modes(settings: Settings) -> Finding:
    private = [settings.folder / FILE, *settings.folder.glob("*.db*"), *settings.folder.glob(f"{TOMBSTONES}*")]
    open_to_others = [path.name for path in private if path.stat().st_mode & _ANYBODY]
    if settings.folder.stat().st_mode & _OTHERS:
        return wrong("file permissions", "others can enter the folder; run chmod 700 on it")
    if open_to_others:
        return wrong("file permissions", f"others can read {', '.join(sorted(open_to_others))}; run chmod 600 on them")
    return ok("file permissions")


def _keys(settings: Settings) -> Finding:
    try:
        load_keys(settings.keys.file, settings.side.name)
    except KeyFileRefused as refusal:
        return wrong("key file", str(refusal))
    return ok("key file")


def _phone(settings: Settings) -> Finding:
    """His questionnaire offers to call the number, whether or not there is one."""
    texts = "her consent and closing texts" if settings.side.name is Side.SURVIVORS else "consent and closing texts"
    where = "[side] phone (or a centre's own, in the console), where a person answers"
    advice = f"fill in {where}; until then {texts} name no number"
    return ok("phone") if settings.side.phone else missing("phone", advice)


def _proxies(settings: Settings) -> Finding:
    told_apart = settings.side.proxies or not settings.side.public_url.startswith("https:")
    advice = "fill in [side] proxies; until then an address that floods the page cannot be told from the others"
    return ok("proxies") if told_apart else missing("proxies", advice)


def _evaluators(settings: Settings) -> Finding:
    path = settings.keys.evaluators_public
    if path is None:
        return missing("evaluators' key", "fill in [keys] evaluators_public; nobody can be enrolled without it")
    try:
        read_evaluators_public(path)
    except EvaluatorKeyRefused as refusal:
        return wrong("evaluators' key", str(refusal))
    return ok("evaluators' key")


def _space(folder: Path) -> Finding:
    if shutil.disk_usage(folder).free < LEAST_SPACE:
        return wrong("disk space", "less than 512 MiB is free; nothing can be kept once the disk is full")
    return ok("disk space")


def _tombstones(folder: Path) -> Finding:
    path = folder / TOMBSTONES
    if not path.exists():
        return wrong("tombstone file", "is not there; put its newest copy back, so that no withdrawal is forgotten")
    if not os.access(path, os.W_OK):
        return wrong("tombstone file", "cannot be written by this account; a withdrawal could not be acknowledged")
    return ok("tombstone file")
