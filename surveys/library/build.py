"""`make messages`: compiles ahead what ships. It writes nothing but `surveys/library/compiled`; with `--check` not even
that, and fails where a build would change it.
"""

import json
import sys
from pathlib import Path

from surveys.instruments.compile import compile_source
from surveys.instruments.stored import dump
from surveys.library.compiled import READY, SHIPPED, digest, place


def build() -> dict[Path, str]:
    """Every shipped form as it should be written now, by its place."""
    sources = sorted(SHIPPED.glob("*/**/*.md"))
    return {target: _compiled(source) for source in sources if (target := place(source)) is not None}


def write(built: dict[Path, str]) -> None:
    """Write them, and remove what no form stands behind any more."""
    READY.mkdir(exist_ok=True)
    for old in set(READY.glob("*.json")) - set(built):
        old.unlink()
    for target, text in built.items():
        target.write_text(text, encoding="utf-8", newline="\n")


def _compiled(source: Path) -> str:
    data = source.read_bytes()
    record = {"source": digest(data), "instrument": json.loads(dump(compile_source(source.name, data)))}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def stale(built: dict[Path, str]) -> list[str]:
    """The names of files that a build would write otherwise, add or remove."""
    found = {path: path.read_text(encoding="utf-8") for path in READY.glob("*.json")}
    return sorted(path.name for path in {*found, *built} if found.get(path) != built.get(path))


def main(arguments: list[str]) -> int:
    """0 when all is well, 1 with one line a file on standard error."""
    built = build()
    if "--check" not in arguments:
        write(built)
    found = stale(built)
    for name in found:
        sys.stderr.write(f"compiled/{name}: out of date: run `make messages`\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
