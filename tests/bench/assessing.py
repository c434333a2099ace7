"""What an assessment of many pairs takes: seconds, and the memory of the process."""

import asyncio
import csv
import random
import resource
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

from surveys.records.evaluators import ExportSeal, seal_for_evaluators
from surveys.steps.export import ANSWERS, CASE, CENTRE, RESPONSES
from tests.assessment.synthetic import answers_of, keys
from tests.bench.table import Row

PAIRS, QUICK, ITEMS = 100_000, 5_000, 15


async def measure(root: Path, quick: bool) -> list[Row]:
    """One report of 100,000 pairs, two waves, fifteen items, from files to the report."""
    pairs = QUICK if quick else PAIRS
    public, key = keys(root / "evaluators")
    for side in ("his", "hers"):
        _write(root / side, public, pairs)
    posle = Path(sys.executable).with_name("posle")
    command = [posle, "assess", "--ex", root / "his", "--survivors", root / "hers", "--key", key,
               "--out", root / "out"]  # fmt: skip
    began = time.perf_counter()
    await asyncio.to_thread(subprocess.run, [str(e) for e in command], check=True, stdout=subprocess.DEVNULL)
    took, most = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return [Row(f"assessing {pairs} pairs", took, "s"), Row(f"assessing {pairs} pairs: memory", most / 1024, "MiB")]


def _write(folder: Path, public: bytes, pairs: int) -> None:
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
                head = (name, wave, 1, "complete", "2027-02", "", "", "page", "check-in", "1", ITEMS, ITEMS)
                responses.writerow((*head, "nis", sealed))
                said = answers_of(violent=chance.random() < 0.3)
                said |= {f"x{item}": "c1" for item in range(ITEMS - len(said))}
                for item, value in said.items():
                    answers.writerow((name, wave, 1, "check-in", "1", item, "", value, "", "", "page"))
