"""`make messages`: compiles ahead what ships. It writes nothing but `surveys/library/compiled`."""

import json
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


if __name__ == "__main__":
    write(build())
