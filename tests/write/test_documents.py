"""plan.json and run.json: what they say, and that it can be checked."""

import csv
import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from optimizer.write import publish
from optimizer.write.columns import OPTIONAL, RESULTS
from optimizer.write.documents import _version, as_json, plain
from tests.write.plans import FORMULA, no_audit, plan, tables


def test_plan_json_says_how_good_the_plan_is(tmp_path: Path) -> None:
    document = json.loads((publish(plan(), tmp_path / "out", no_audit) / "plan.json").read_bytes())
    warnings = document.pop("warnings")
    # gap 1.5 / 59.7 = 0.0251256281…, controllable 1.5 / 34.7 = 0.0432276657…
    assert document == {
        "name": "Demo & more",
        "status": "optimal",
        "currency": "EUR",
        "objective": 59.7,
        "bound": 58.2,
        "gap": 0.025125628,
        "gap_money": 1.5,
        "gap_controllable": 0.043227666,
        "seconds": 12.34,
        "fill_rate_on_time": 0.68,
        "fill_rate": 0.72,
        "counts": {"items": 2, "demand_lines": 4, "orders": 1},
        "accounts": {"purchase": 25.0, "ordering": 12.0, "holding": 1.2, "backorder": 0.5, "shortage": 21.0},
        "signals": [],
    }
    assert warnings[0] == "NA has no supplier."
    assert FORMULA in warnings[1]


def test_without_formulas_in_ids_there_is_no_warning_of_them(tmp_path: Path) -> None:
    harmless = {name: frame.replace({FORMULA: "S", "@c2": "c2"}) for name, frame in tables().items()}
    out = publish(plan(tables=harmless), tmp_path / "out", no_audit)
    assert json.loads((out / "plan.json").read_bytes())["warnings"] == ["NA has no supplier."]


def test_run_json_gives_rows_totals_and_hashes_of_every_file(tmp_path: Path) -> None:
    out = publish(plan(), tmp_path / "out", no_audit)
    run = json.loads((out / "run.json").read_bytes())
    assert set(run["files"]) == {path.name for path in out.iterdir()} - {"run.json"}
    for name, record in run["files"].items():
        content = (out / name).read_bytes()
        assert (record["bytes"], record["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        if name.endswith(".csv"):
            rows = list(csv.DictReader(content.decode().splitlines()))
            assert record["rows"] == len(rows)
            for column, total in record["totals"].items():
                assert total == float(sum(Decimal(row[column]) for row in rows))
    assert run["files"]["costs.csv"]["totals"] == {"amount": 59.7}
    assert set(run["files"]["allocations.csv"]["totals"]) == {"quantity", "periods_late", "backorder_cost"}


def test_run_json_repeats_the_run_and_adds_versions(tmp_path: Path) -> None:
    run = json.loads((publish(plan(), tmp_path / "out", no_audit) / "run.json").read_bytes())
    assert (run["command"], run["start"], run["seed"]) == (
        ["replenish", "plan", "demo"],
        "2026-11-23T06:00:00+00:00",
        0,
    )
    assert run["product"] == "replenish"
    assert run["versions"]["packages"]["pandas"] == pd.__version__
    assert run["end"].endswith("+00:00")


def test_the_five_tables_exist_without_rows_and_others_where_given(tmp_path: Path) -> None:
    moves = pd.DataFrame([["a", "x", "y", "2026-11-23", "2026-11-30", 2.5]], columns=[*"abcdef"])
    out = publish(plan(tables={"returns": moves, "costs": pd.DataFrame()}), tmp_path / "out", no_audit)
    assert [name for name in OPTIONAL if (out / f"{name}.csv").exists()] == []
    for name, columns in ((name, columns) for name, columns in RESULTS.items() if name not in OPTIONAL):
        assert (out / f"{name}.csv").read_text() == ",".join(column.name for column in columns) + "\n"
    assert (out / "returns.csv").read_text() == "a,b,c,d,e,f\na,x,y,2026-11-23,2026-11-30,2.5\n"


@pytest.mark.parametrize("name", ["../climbs", "a b", ""])
def test_a_table_whose_name_is_no_files_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a file's name"):
        publish(plan(tables={name: pd.DataFrame({"a": [1]})}), tmp_path / "out", no_audit)
    assert list(tmp_path.iterdir()) == []


def test_two_writings_of_one_plan_differ_in_nothing_but_time(tmp_path: Path) -> None:
    one, other = (publish(plan(), tmp_path / name, no_audit) for name in ("one", "other"))
    for path in one.iterdir():
        if path.name != "run.json":
            assert path.read_bytes() == (other / path.name).read_bytes()


def test_any_value_becomes_json() -> None:
    value = {
        1: Path("a/b"),
        "day": date(2026, 11, 23),
        "numpy": [np.float64(0.1), np.int64(3), np.bool_(True), np.array([1.5, np.nan])],
        "none": float("nan"),
        "huge": float("inf"),
        "set": {7},
        "minus": -0.0,
    }
    assert plain(value) == {
        "1": "a/b",
        "day": "2026-11-23",
        "numpy": [0.1, 3, True, [1.5, None]],
        "none": None,
        "huge": None,
        "set": [7],
        "minus": 0.0,
    }
    assert as_json({"é": -0.0}) == '{\n  "é": 0.0\n}\n'.encode()


def test_what_another_rule_would_cost_is_told(tmp_path: Path) -> None:
    made = publish(plan(run={**plan().run, "baseline": {"objective": 70.0}}), tmp_path / "out", no_audit)
    assert json.loads((made / "plan.json").read_bytes())["baseline"] == {"objective": 70.0}


def test_a_package_that_is_not_there_has_no_version() -> None:
    assert _version("no-such-package-of-ours") is None
