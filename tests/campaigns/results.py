"""Results: the latest figures of each campaign, kept in `results.jsonl`, one line a campaign."""

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.campaigns.scoreboard import HERE, ROWS

FILE = HERE / "results.jsonl"


def latest(path: Path = FILE) -> dict[str, dict[str, Any]]:
    """Figures by campaign."""
    if not path.exists():
        return {}
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {figures["campaign"]: figures for figures in lines}


def keep(figures: dict[str, Any], options: Sequence[str] = (), path: Path = FILE) -> None:
    """Put figures in the place of the earlier ones of their campaign, with date, commit and command."""
    name = figures["campaign"]
    words = [*options] or [f"--count {figures.get('count', 0)} --seed {figures.get('seed', 1)}"]
    stamp = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "command": " ".join([f"python -m tests.campaigns.{name}", *words]),
    }
    kept = latest(path) | {name: {"campaign": name, **stamp, **figures}}
    order = [campaign for row in ROWS for campaign in row.campaigns]
    lines = [json.dumps(kept[one], ensure_ascii=False) for one in order if one in kept]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _commit() -> str:
    call = ["git", "rev-parse", "--short", "HEAD"]
    ended = subprocess.run(call, cwd=HERE, capture_output=True, text=True, check=False)
    return ended.stdout.strip()
