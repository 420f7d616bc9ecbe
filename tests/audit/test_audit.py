"""The audit as a whole: a clean plan passes, what it refuses it tells, and it knows nothing of what it judges."""

import ast
import gc
from pathlib import Path
from typing import Any

import pytest

import optimizer.audit
from optimizer.audit import Violation, audit, concepts
from tests.audit.example import Example


def test_clean_plan_passes(tmp_path: Path) -> None:
    example = Example()
    assert [str(v) for v in audit(example.tables, example.settings, example.write(tmp_path))] == []


def test_plan_without_run_record_passes(tmp_path: Path) -> None:
    example = Example()
    folder = example.write(tmp_path)
    (folder / "run.json").unlink()
    assert audit(example.tables, example.settings, folder) == []


def test_rounding_of_the_solver_passes(tmp_path: Path) -> None:
    """A ten-millionth of a unit, and what it costs, is no violation."""
    example = Example()
    example.cell("allocations.csv", 6, "quantity", "9.9999999")
    example.cell("costs.csv", 18, "amount", "41.600001")
    assert audit(example.tables, example.settings, example.write(tmp_path)) == []


def test_added_columns_pass(tmp_path: Path) -> None:
    example = Example()
    for name, rows in example.files.items():
        example.files[name] = [[*row, "delivered_item" if k == 0 else ""] for k, row in enumerate(rows)]
    example.tables["items"]["buyer"] = ["Jo", "Flo"]
    assert audit(example.tables, example.settings, example.write(tmp_path)) == []


def test_amounts_may_be_split_over_rows(tmp_path: Path) -> None:
    example = Example()
    example.cell("costs.csv", 2, "amount", "200")
    example.files["costs.csv"].append([*example.files["costs.csv"][1][:-1], "8"])
    example.run = {}
    assert audit(example.tables, example.settings, example.write(tmp_path)) == []


def test_due_dates_are_named_as_they_were_written(tmp_path: Path) -> None:
    """The tables have ISO dates, the plan those of the user's file."""
    example = Example(run={})
    written = list(example.tables["demand"]["due"])
    example.tables["demand"]["due"][1] = "2026-12-07"
    folder = example.write(tmp_path)
    assert audit(example.tables, example.settings, folder, written={"demand": {"due": written}}) == []
    assert audit(example.tables, example.settings, folder) != []


def test_run_record_of_another_shape_passes(tmp_path: Path) -> None:
    example = Example(run={"settings": [], "files": {"costs.csv": {"rows": 40, "totals": []}, "gone.csv": {"rows": 1}}})
    assert audit(example.tables, example.settings, example.write(tmp_path)) == []


def test_empty_plan_of_nothing_passes(tmp_path: Path) -> None:
    example = Example(files={name: rows[:1] for name, rows in Example().files.items()}, tables={}, run={})
    example.plan |= NOTHING
    assert audit(example.tables, example.settings, example.write(tmp_path)) == []


NOTHING: dict[str, Any] = dict.fromkeys(("objective", "bound", "gap", "gap_money", "gap_controllable"), 0) | {
    "accounts": {}, "fill_rate_on_time": 1, "fill_rate": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "wrong"),
    [
        ({"bound": -5, "gap_money": 5}, []),  # a cost of 0 makes both ratios 0
        ({"bound": -5, "gap_money": 5, "gap": 1}, ["gap"]),
        ({"bound": -5, "gap_money": 5, "gap_controllable": 1}, ["gap_controllable"]),
        ({"bound": -5, "gap_money": 4}, ["gap_money"]),
        ({"bound": 5, "gap_money": -5}, ["bound"]),
        ({"fill_rate": 1.1}, ["fill_rate"]),
        ({"fill_rate_on_time": 0.9}, ["fill_rate_on_time"]),
        ({"counts": {"orders": 0, "orders_to_release": 0, "deliveries": 0, "lines_late_or_short": 0}}, []),
        ({"counts": {"orders": 1, "orders_to_release": 1}}, ["count", "count"]),
        ({"counts": {"deliveries": None, "lines_late_or_short": 1}}, ["count", "count"]),
        ({"counts": [1]}, []),
        ({"objective": 1, "gap": 1, "gap_money": 1, "gap_controllable": 1}, ["objective"]),
    ],
)
def test_figures_of_a_plan_that_costs_nothing(figures: dict[str, float], wrong: list[str], tmp_path: Path) -> None:
    example = Example(files={name: rows[:1] for name, rows in Example().files.items()}, tables={}, run={})
    example.plan |= NOTHING | figures
    violations = audit(example.tables, example.settings, example.write(tmp_path))
    assert [v.message.split()[0] for v in violations if v.rule == "plan_figures"] == wrong


def test_first_period_is_not_frozen_unless_the_instance_says_so(tmp_path: Path) -> None:
    example = Example(settings={"start": "2026-11-23", "periods": 6}, tables={}, run={})
    example.files["purchase_orders.csv"][1][3:] = ["2026-11-23", "2026-11-23", "1", "1", "1", "planned"]
    violations = audit(example.tables, example.settings, example.write(tmp_path))
    assert [v.expected for v in violations if v.rule == "action" and v.row == 2] == ["release"]


def test_violation_is_a_sentence(tmp_path: Path) -> None:
    """What the planner reads names file, row, item, supplier, location, period, what was found and what is right."""
    example = Example()
    example.table_cell("sourcing", 2, "minimum_quantity", "60")
    (violation,) = audit(example.tables, example.settings, example.write(tmp_path))
    assert str(violation) == (
        "purchase_orders.csv, row 2: item bolt, supplier acme, location north, period 2026-11-30: "
        "below the minimum quantity: found 40; expected at least 60 [minimum_order]"
    )


def test_violation_without_row() -> None:
    assert str(Violation(rule="r", file="costs.csv", message="is missing")) == "costs.csv: is missing [r]"


def test_rows_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    """A cell with a line break takes two lines, so that the next row starts two lines further down."""
    example = Example()
    example.tables["demand"]["reference"][2] = "R\n7"
    for file, rows in (("allocations.csv", (3, 4)), ("backorders.csv", (2,))):
        for row in rows:
            example.cell(file, row, "reference", "R\n7")
    example.cell("backorders.csv", 3, "promise", "2026-12-19")
    example.run = {}
    (violation,) = audit(example.tables, example.settings, example.write(tmp_path))
    assert (violation.rule, violation.row) == ("promise", 4)


def test_settings_without_horizon_are_an_error(tmp_path: Path) -> None:
    example = Example()
    with pytest.raises(ValueError, match="no horizon"):
        audit(example.tables, {"start": "2026-11-23"}, example.write(tmp_path))


def test_concepts_are_found_in_alphabetical_order() -> None:
    names = [concept.__name__.rpartition(".")[2] for concept in concepts()]
    beside = Path(optimizer.audit.__file__).parent.glob("*.py")
    assert names == sorted(path.stem for path in beside if path.stem != "__init__")
    assert {"sourcing", "balance", "fulfilment", "accounts"} <= set(names)


def test_every_concept_does_something_and_charges_what_it_says() -> None:
    for concept in concepts():
        assert any(hasattr(concept, name) for name in ("check", "costs", "flows", "value", "arrival")), concept
        assert hasattr(concept, "costs") == hasattr(concept, "ACCOUNTS"), concept


def test_audit_shares_nothing_with_what_it_judges() -> None:
    """Only the standard library and itself are imported."""
    for path in Path(optimizer.audit.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                ours = module.startswith("optimizer.audit")
                assert ours or module.split(".")[0] not in ("optimizer", "models", "numpy", "pandas", "pyomo"), path


def test_garbage_is_collected_as_before(tmp_path: Path) -> None:
    example = Example()
    for on in (False, True):
        (gc.enable if on else gc.disable)()
        try:
            audit(example.tables, example.settings, example.write(tmp_path))
            assert gc.isenabled() is on
        finally:
            gc.enable()
