"""Finds every message in the code (`say`, `say_count`, `mark`) and in the templates."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parent.parent
FOLDERS = ("surveys", "bot", "posle", "web", "staff", "assessment")
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt.j2", "jinja2")]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": (2,), "say_count": (2, 3), "mark": None, "_": None, "say_": None}


def extract(root: Path = ROOT) -> Catalog:
    """All messages of the source tree, with the files they are in and the comments for translators."""
    found = Catalog(charset="utf-8")
    for folder in FOLDERS:
        if (root / folder).is_dir():
            _add(found, root / folder, root)
    return found


def _add(found: Catalog, folder: Path, root: Path) -> None:
    rows = extract_from_dir(
        folder, method_map=_METHODS, keywords=_KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    )
    for name, line, message, comments, _context in rows:
        place = (folder.relative_to(root) / name).as_posix()
        if message and all(message):
            found.add(message, locations=[(place, line)], auto_comments=comments)
