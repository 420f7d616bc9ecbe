"""Documents: `plan.json` says how good the plan is; `run.json` makes the run repeatable and a load checkable.

`run.json` holds what `Plan.run` says (by agreement `command`, `start`, `end`, `settings`, `inputs`, `solver`, `seed`),
`product` and `versions`, `progress` (plan and bound over the seconds, as lists), and for each file its bytes and
SHA-256, and of a table the rows and the sums of its numbers.
"""

import hashlib
import json
import math
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.report.trace import trace_table
from optimizer.results.plan import Plan
from optimizer.write.tables import WrittenTable
from optimizer.write.target import PRODUCT

PACKAGES = (
    "highspy", "numpy", "pandas", "pydantic", "pyomo", "python-calamine", "rich", "scipy", "typer", "XlsxWriter",
)  # fmt: skip


@dataclass(frozen=True)
class WrittenFile:
    """A file of the folder: its size and SHA-256, and the table where it is one."""

    bytes: int
    sha256: str
    table: WrittenTable | None = None

    def record(self) -> dict[str, Any]:
        """What `run.json` says of it."""
        record: dict[str, Any] = {"bytes": self.bytes, "sha256": self.sha256}
        if self.table is not None:
            record["rows"] = len(self.table)
            record["totals"] = {name: _float(float(total)) for name, total in self.table.totals.items()}
        return record


def plan_document(plan: Plan, warnings: Sequence[str]) -> dict[str, Any]:
    """What `plan.json` says.

    Raises:
        ValueError: a figure is infinite or none.
    """
    figures = (
        "objective", "bound", "gap", "gap_money", "gap_controllable", "seconds", "fill_rate_on_time", "fill_rate",
    )  # fmt: skip
    document: dict[str, Any] = {"what_if": plan.what_if} if plan.what_if else {}
    document |= {"name": plan.name, "status": plan.status, "currency": plan.currency}
    for figure in figures:
        value = float(getattr(plan, figure))
        if not math.isfinite(value):
            raise ValueError(f"{figure} is {value}")
        document[figure] = _float(value)
    document["counts"] = plan.counts
    document["accounts"] = plan.accounts
    document["warnings"] = list(warnings)
    document["signals"] = plan.signals
    if "baseline" in plan.run:
        document["baseline"] = plan.run["baseline"]
    return document


def run_document(plan: Plan, files: Mapping[str, WrittenFile]) -> dict[str, Any]:
    """What `run.json` says; `end` is now unless the run says otherwise."""
    document: dict[str, Any] = {"product": PRODUCT, "name": plan.name, "versions": versions()}
    document |= plan.run
    document.setdefault("end", datetime.now(UTC).isoformat(timespec="seconds"))
    document["progress"] = trace_table(plan.trace).drop(columns="gap").to_dict(orient="list")
    document["files"] = {name: file.record() for name, file in files.items()}
    return document


@cache
def versions() -> dict[str, Any]:
    """Versions of this program, Python, the platform and the packages that have a say in the result."""
    return {
        "replenish": _version("replenish"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in PACKAGES},
    }


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document as UTF-8 text, indented; NaN and infinity are null."""
    return (json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def plain(value: Any) -> Any:
    """A value in JSON's own types: paths and dates as text, numpy's numbers as numbers, NaN and infinity as None."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return _float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def hash_file(path: Path, table: WrittenTable | None = None) -> WrittenFile:
    """Size and SHA-256 of a file as it is on the disk."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return WrittenFile(file.tell(), digest.hexdigest(), table)


def _float(value: float) -> float:
    """Nine places, and no -0."""
    return round(value, 9) + 0.0


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
