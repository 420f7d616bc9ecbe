"""Whether a folder holds a plan, whole: what every campaign of killed runs looks for."""

import csv
import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any


def run_of_whole_plan(folder: Path) -> dict[str, Any] | None:
    """What `run.json` says, where the folder holds the files that it lists, as it lists them, and no others."""
    with suppress(OSError, ValueError, KeyError):
        run: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
        files = run["files"]
        if set(os.listdir(folder)) == {"run.json", *files} and all(
            _is_as_said(folder / name, said) for name, said in files.items()
        ):
            return run
    return None


def _is_as_said(path: Path, said: dict[str, Any]) -> bool:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != said["sha256"]:
        return False
    if "rows" not in said:
        return True
    rows = sum(1 for _ in csv.reader(content.decode("utf-8").splitlines(keepends=True))) - 1
    return rows == int(said["rows"])
