"""The pseudonymous answers for who evaluates: asked for by one, agreed to by another, handed out once, never shown.

It must never hand out a row of the side as it is: those leave by the command line, where two people are named too.
"""

import asyncio
import io
import tempfile
import zipfile
from pathlib import Path

from staff.asked import Answer, Asked, Bytes, GoTo, Page, Shown
from surveys.rules.roles import May
from surveys.steps import agreement
from surveys.steps.export import export

NAME = "research.zip"


async def shown(asked: Asked) -> Answer:
    """What there is to ask for, and where the request stands."""
    async with asked.service.database.reading() as tx:
        request = await agreement.export_asked(tx, asked.reader.reader, asked.now)
    return Shown("data.html", {"request": request})


async def ask(asked: Asked) -> Answer:
    """Ask a coordinator to agree."""
    async with asked.service.database.writing() as tx:
        await agreement.ask_export(tx, asked.reader.reader, asked.now)
    return GoTo("/staff/data")


async def file(asked: Asked) -> Answer:
    """The files, once for each agreement; it is used up before anything is read."""
    async with asked.service.database.writing() as tx:
        both = await agreement.use_export(tx, asked.reader.reader, asked.now)
    if both is None:
        raise asked.takes_another()
    with tempfile.TemporaryDirectory(prefix=".research-", dir=_beside(asked)) as folder:
        out = Path(folder) / "research"
        await export(asked.service, out, both, asked.now, research=True)
        packed = await asyncio.to_thread(_packed, out)
    return Bytes(packed, "application/zip", NAME)


def _beside(asked: Asked) -> Path | None:
    """The side's own folder, on its own disk: rows never pass through a place that everybody shares."""
    key = asked.service.database.seals.path
    return key.parent if key is not None else None


def _packed(folder: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(each.name), each.read_bytes())
    return made.getvalue()


PAGES = (
    Page("GET", "/staff/data", shown, May.STUDY),
    Page("POST", "/staff/data/ask", ask, May.STUDY, strong=True, download=True),
    Page("POST", "/staff/data/file", file, May.STUDY, strong=True, download=True),
)
