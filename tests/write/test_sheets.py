"""The sheets, call by call: all that XlsxWriter is asked to write, set, colour and draw, is as in golden/sheets.txt."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from optimizer.report.shown import Shown
from optimizer.results.plan import Plan
from optimizer.solve.events import Progress
from optimizer.write import disk
from optimizer.write.sheets.book import STYLES
from optimizer.write.sheets.progress import _limits
from optimizer.write.workbook import write_workbook
from tests.write.plans import FORMULA, WEEKS, plan, tables

GOLDEN = Path(__file__).parent / "golden" / "sheets.txt"
TRACE = [
    Progress(0.5, 100.0, None, "constructing"),
    Progress(2.0, 100.0, 50.0, "bound"),
    Progress(4.0, 59.7, 58.2, "improving"),
]


class Told:
    """Stands for anything of XlsxWriter: notes each call of it, and what a call gives is such a thing again."""

    def __init__(self, name: str, calls: list[str]) -> None:
        self._name, self._calls, self._charts = name, calls, 0

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            if method == "worksheets":
                return []
            shown = [json.dumps(one, default=_shown) for one in given]
            shown += [f"{key}={json.dumps(one, default=_shown)}" for key, one in named.items()]
            self._calls.append(f"{self._name}.{method}({', '.join(shown)})")
            if method == "add_format":
                return next(f"<{style}>" for style, declared in STYLES.items() if declared is given[0])
            self._charts += method == "add_chart"
            return Told(given[0] if method == "add_worksheet" else f"chart {self._charts}", self._calls)

        return call


def _shown(thing: Any) -> str:
    return f"<{thing._name}>" if isinstance(thing, Told) else getattr(thing, "__name__", str(thing))


def calls_of(shown: Plan, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    monkeypatch.setattr("xlsxwriter.Workbook", lambda file, options: Told("book", calls))
    monkeypatch.setattr(disk, "write_file", lambda path, blocks: calls.append(f"{path.name} is written"))
    write_workbook(Shown(shown), ("Beware.",), Path("plan.xlsx"))
    return calls


def test_what_is_written_is_as_before(monkeypatch: pytest.MonkeyPatch, update: bool) -> None:
    more = tables()
    others = [
        ["NA", "ACME", "main", WEEKS[0], WEEKS[1], 2.5, 4.0, 10.0, "release"],
        ["00123", "ACME", "main", WEEKS[0], WEEKS[1], 3.0, 1.0, 3.0, "release"],
        ["NA", "ACME", "main", WEEKS[2], WEEKS[3], 1.0, 4.0, 4.0, "planned"],
    ]
    orders = more["purchase_orders"]
    more["purchase_orders"] = pd.concat([orders, pd.DataFrame(others, columns=orders.columns)])
    more["transfers"] = pd.DataFrame(
        [["00123", "main", "other", WEEKS[0], WEEKS[1], 2.0], ["00123", "other", "main", WEEKS[0], WEEKS[1], -1e-12]],
        columns=["item", "from_location", "to_location", "period", "arrival_period", "quantity"],
    )
    baseline = {"rule": "min-max", "cost": 80.0, "note": "", "fill_rate_on_time": 0.5, "fill_rate": 0.6}
    run = plan().run | {"changes": [{"text": "demand.quantity +10%", "note": "4 rows"}], "baseline": baseline}
    now = "\n".join(calls_of(plan(tables=more, trace=TRACE, run=run), monkeypatch)) + "\n"
    if update:
        GOLDEN.write_text(now, encoding="utf-8")
    assert FORMULA.replace('"', '\\"') in now
    assert now == GOLDEN.read_text(encoding="utf-8"), "if the sheets were meant to change, run pytest --update"


@pytest.mark.parametrize(
    ("plans", "bounds", "limits"),
    [
        ([100.0, 60.0], [None, 58.0], {"min": 54.0, "max": 68.0}),  # 2 between them: 58 - 4, 60 + 8
        ([100.0, 60.0], [None, 60.0], {"min": 58.8, "max": 62.4}),  # at least a hundredth of 60: 0.6
        ([60.0], [10.0], {"min": 0.0, "max": 78.0}),  # 10 - 100 is less than nothing; at most 1.3 × 60
        ([0.8], [0.5], {"min": 0.0, "max": 1.04}),
        ([60.0], [0.0], {}), ([0.0], [10.0], {}), ([-1.0], [-2.0], {}), ([60.0], [None], {}), ([None], [1.0], {}),
    ],
)  # fmt: skip
def test_the_axis_of_the_progress(
    plans: list[float | None], bounds: list[float | None], limits: dict[str, float]
) -> None:
    frame = pd.DataFrame({"plan": pd.Series(plans, dtype=float), "bound": pd.Series(bounds, dtype=float)})
    assert _limits(frame) == pytest.approx(limits)
