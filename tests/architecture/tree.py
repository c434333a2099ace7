"""What there is to look at: the files that are, or would be, committed, and the Python modules among them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("assessment", "bot", "locales", "posle", "scheduler", "simulator", "staff", "surveys", "web")


@cache
def files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(Path(name) for name in sorted(names) if name and (ROOT / name).is_file())


@cache
def text(path: Path) -> str:
    """The file as text; what is no UTF-8 shows as replacement signs."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Python files below these folders (all, where none is named)."""
    return tuple(path for path in files() if path.suffix == ".py" and (not folders or path.parts[0] in folders))


@cache
def parsed(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(text(path))
