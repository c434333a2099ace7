"""Writes the XForm of every form of the comparison into a folder for ODK's engine. It decides nothing itself."""

import sys
from pathlib import Path

from surveys.instruments.compile import compile_form

FORMS = Path(__file__).parent / "forms"


def write_xforms(folder: Path) -> list[Path]:
    """One `.xml` per `.md`, with what is worth trying beside it as `.try`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(FORMS.glob("*.md")):
        target = folder / f"{source.stem}.xml"
        target.write_text(compile_form(source).xform, encoding="utf-8")
        lines = [line[6:] for line in source.read_text(encoding="utf-8").splitlines() if line.startswith("# try ")]
        target.with_suffix(".try").write_text("\n".join(lines), encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    write_xforms(Path(sys.argv[1]))
