"""What an assessment of many pairs takes: CPU seconds, beside merely reading its files, and the process's memory."""

import asyncio
import csv
import random
import resource
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

from assessment.rules import constructs
from surveys.records.evaluators import ExportSeal, seal_for_evaluators
from surveys.steps.export import ANSWERS, CASE, CENTRE, RESPONSES
from tests.assessment.synthetic import answers_of, keys
from tests.bench.table import Row

PAIRS, QUICK, CENTRES = 100_000, 5_000, 10
ENDINGS = ("expired", "refusal", "break_off", "non_contact", "unsafe_to_contact", "moved_abroad")
FOLDERS = {"his": "ex-perpetrators", "hers": "survivors"}


async def measure(root: Path, quick: bool) -> list[Row]:
    """One report of 100,000 pairs, two waves, ten centres, of whom 45 in a hundred answer, from files to the report."""
    pairs = QUICK if quick else PAIRS
    public, key = keys(root / "evaluators")
    for folder, side in FOLDERS.items():
        _write(root / folder, side, public, pairs)
    floor = _read(root)
    posle = Path(sys.executable).with_name("posle")
    command = [posle, "assess", "--ex", root / "his", "--survivors", root / "hers", "--key", key,
               "--out", root / "out"]  # fmt: skip
    before = _cpu()
    await asyncio.to_thread(subprocess.run, [str(e) for e in command], check=True, stdout=subprocess.DEVNULL)
    took, most = _cpu() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return [
        Row(f"assessing {pairs} pairs: CPU", took, "s", floor, "≤ 60 s"),
        Row(f"assessing {pairs} pairs: memory", most / 1024, "MiB", None, "≤ 1 GB"),
    ]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read(root: Path) -> float:
    """The floor: seconds of CPU to go through the same rows."""
    began = time.process_time()
    for folder in FOLDERS:
        for name in ("responses.csv", "answers.csv"):
            with (root / folder / name).open(encoding="utf-8", newline="") as file:
                for _ in csv.reader(file):
                    pass
    return time.process_time() - began


def _write(folder: Path, side: str, public: bytes, pairs: int) -> None:
    folder.mkdir()
    chance, seal = random.Random(1), ExportSeal(public)
    with (
        (folder / "responses.csv").open("w", newline="") as file,
        (folder / "answers.csv").open("w", newline="") as rows,
    ):
        responses, answers = csv.writer(file), csv.writer(rows)
        responses.writerow((*RESPONSES, CENTRE, CASE))
        answers.writerow(ANSWERS)
        for number in range(pairs):
            name = f"r-{number:020}"
            sealed = b64encode(seal.wrap(seal_for_evaluators(public, f"C-{number:06}", CASE))).decode()
            for wave in ("m3", "m6"):
                told = chance.random() < 0.45
                head = (name, wave, 1, "complete" if told else chance.choice(ENDINGS), "2027-02", "", "", "page",
                        "check-in", "1", 15, 15)  # fmt: skip
                responses.writerow((*head, f"centre-{number % CENTRES}", sealed))
                for item, value in _said(chance, side).items() if told else ():
                    answers.writerow((name, wave, 1, "check-in", "1", item, "", value, "", "", "page"))


def _said(chance: random.Random, side: str) -> dict[str, str]:
    said = answers_of(violent=chance.random() < 0.3, apart=chance.random() < 0.3)
    for each in (one for one in constructs() if one.side == side):
        if chance.random() < 0.95:
            said[each.item] = sorted(each.favourable)[0] if chance.random() < 0.6 else "another"
    return said
