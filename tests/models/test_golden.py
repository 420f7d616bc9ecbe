"""Every part has a golden LP and a hand-solved test, and writes the same LP every time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.part import Part
from models.parts import parts
from tests.models.golden import FOLDER, digests, written

ROOT = Path(__file__).parents[2]
TESTS = Path(__file__).parent / "parts"
each_part = pytest.mark.parametrize("part", parts(), ids=lambda part: part.name)


@each_part
def test_the_lp_of_a_part_is_its_golden_one(part: Part, update: bool) -> None:
    golden, now = FOLDER / f"{part.name}.lp", written(part)
    if update:
        golden.write_text(now, encoding="utf-8")
    assert golden.is_file(), f"no {golden.name}: look at the rules, then run pytest --update"
    assert now == golden.read_text(encoding="utf-8"), "if the rule was meant to change, run pytest --update"


def test_no_part_lacks_a_golden_lp_or_a_hand_solved_test() -> None:
    names = {part.name for part in parts()}
    assert {path.stem for path in FOLDER.glob("*.lp")} == names
    assert {path.stem.removeprefix("test_") for path in TESTS.glob("test_*.py")} == names


def test_two_builds_and_another_order_of_hashes_write_the_same() -> None:
    here = digests()
    assert digests() == here
    # This process has an order of hashes of its own.
    environment = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-m", "tests.models.golden"]
    other = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert other.stdout == "".join(f"{name} {digest}\n" for name, digest in here.items())
