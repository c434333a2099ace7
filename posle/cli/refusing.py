"""Turns any error into one line on standard error and an exit status. It prints no traceback and no foreign message."""

import inspect
import os
import sys
from pathlib import Path
from traceback import walk_tb

REFUSED, WRONG_USE = 1, 2
_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("surveys", "posle", "bot", "scheduler", "locales", "simulator", "assessment")


class Refused(Exception):
    """The command line itself refuses; the message says what to do."""


def refuse(error: Exception) -> int:
    """Print what happened as one line; 1, or 2 where the command was typed wrongly."""
    if isinstance(error, ModuleNotFoundError):  # a Python of the system's own, without what the service needs
        _say(f"{error.name or 'a package'} is not installed here; run make setup, then type .venv/bin/posle")
        return REFUSED
    from typer.exceptions import Abort, TyperException

    if isinstance(error, BrokenPipeError):  # whoever read our output has gone; nothing to say it to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    if isinstance(error, TyperException):
        _say(f"{error.format_message().rstrip('.')}; see --help")
        return error.exit_code
    _say("stopped" if isinstance(error, Abort) else message(error))
    return REFUSED


def message(error: BaseException) -> str:
    """The one line: our own errors state facts, an operating system's says what it could not do, others say nothing."""
    if isinstance(error, ExceptionGroup):
        return message(error.exceptions[0])
    if type(error).__module__.split(".")[0] in _OURS:
        return str(error) or inspect.getdoc(type(error)) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if isinstance(error.filename, str) else error.strerror
    return f"failed: {type(error).__name__} at {_reference(error)}; report this line"


def _reference(error: BaseException) -> str:
    """The place in our own code, which helps to find the fault and holds no value."""
    ours = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    for name, line in reversed(ours):
        path = Path(name)
        if path.is_relative_to(_ROOT) and ".venv" not in path.parts:
            return f"{'.'.join(path.relative_to(_ROOT).with_suffix('').parts)}:{line}"
    return "an unknown place"


def _say(text: str) -> None:
    print("posle:", " ".join(text.split()), file=sys.stderr)
