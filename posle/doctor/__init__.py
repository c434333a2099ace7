"""`posle doctor`: what is missing or wrong on a side. It changes nothing and shows neither secrets nor people."""

from datetime import datetime
from pathlib import Path

from posle.doctor.database import examine_database
from posle.doctor.finding import Finding, Verdict, anything_wrong, ok, wrong
from posle.doctor.folder import examine_folder, examine_words
from posle.doctor.sharing import compare_folders
from posle.doctor.sms import examine_sms
from posle.settings import BadSettings, load_settings

__all__ = ["Finding", "Verdict", "anything_wrong", "compare_folders", "examine"]


async def examine(folder: Path, now: datetime) -> list[Finding]:
    """Every check of one side's folder, in the order in which things are to be mended."""
    from posle.doctor.network import examine_bot  # noqa: PLC0415 - loads the provider's library, and enrolling comes by

    try:
        settings = load_settings(folder)
    except BadSettings as refusal:
        return [wrong("settings", str(refusal))]
    findings = [ok("settings"), *examine_words(settings), *examine_folder(settings)]
    findings += [finding async for finding in examine_database(settings, now)]
    return [*findings, *examine_sms(settings), await examine_bot(settings)]
