"""Arguments and options that several commands share, each with the same words of help."""

from pathlib import Path
from typing import Annotated

import typer

Dir = Annotated[
    Path, typer.Argument(metavar="DIR", help="The side's folder, made by `posle init`.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Participant = Annotated[
    str, typer.Argument(metavar="ID", help="The participant's id, as `enrol` printed it.", show_default=False)
]
Two = Annotated[
    list[str], typer.Option("--by", metavar="NAME", help="Who; give it twice. The audit keeps opaque codes.")
]
