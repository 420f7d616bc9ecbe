"""A folder with one file and its tests, for campaigns that try tests: what they should find there is known by hand."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SOURCE = '''"""Two functions."""

LIMIT = 3


def larger(a, b):
    """The larger of two."""
    if a > b:
        return a
    return b


def never(x):
    """Nobody calls it."""
    return x + 1
'''
TESTS = """
from small.sums import LIMIT, larger


def test_larger():
    assert LIMIT == 3
    assert larger(1, 2) == 2
    assert larger(2, 1) == 2
"""


def told(campaign: str, folder: Path, *more: str) -> dict[str, Any]:
    """What a campaign prints about that folder."""
    for path, text in (("small/sums.py", SOURCE), ("checks/test_sums.py", TESTS)):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    call = [sys.executable, "-m", f"tests.campaigns.{campaign}", "--paths", "small", "--tests", "checks", *more]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    figures: dict[str, Any] = json.loads(ended.stdout)
    return figures
