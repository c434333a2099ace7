"""Reads an instrument with a language that somebody adds. Nothing is published and nothing kept."""

from pathlib import Path

from surveys.instruments.model import Instrument
from surveys.language.adding import never_said, take_in
from surveys.library.translation import read_translation


class TranslationIncomplete(Exception):
    """The language has no words for some items or choices, or words for what is not there; the message names them."""


def translated(instrument: Instrument, file: Path) -> Instrument:
    """The instrument with that language; what people type in it is understood by this process from now on."""
    take_in(file.resolve().parents[1])
    return read_translation(file).into(instrument)


def never_said_beside(file: Path) -> list[str]:
    """What the catalogue beside that file translates and the service never says, a line for each language."""
    return never_said(file.resolve().parents[1])


def complete(instrument: Instrument, file: Path) -> Instrument:
    """The same; TranslationIncomplete where anything has no words in it, or it has words for something unknown."""
    own = read_translation(file)
    if missing := own.missing_of(instrument):
        raise TranslationIncomplete(f"{file.name}: no words for {', '.join(missing)}")
    if unknown := own.unknown_of(instrument):
        raise TranslationIncomplete(f"{file.name}: the questionnaire has no {', '.join(unknown)}")
    return translated(instrument, file)
