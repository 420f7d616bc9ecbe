"""Scripts reproduce the instances byte for byte, and the benchmarks' tables say what their raw sources say."""

import csv
import gzip
import json
import re
import runpy
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

INSTANCES = Path(__file__).parents[2] / "instances"
BENCHMARKS = INSTANCES / "benchmarks"
SOURCE = BENCHMARKS / "source"
WRITTEN = {".csv", ".toml"}

# Wagner & Whitin 1958; Silver, Pyke & Peterson ch. 6; stockpyl 1.0.2; MIPLIB 3; Belvaux & Wolsey 2000;
# Bracken & McCormick 1968.
KNOWN = {
    "wagner-whitin-1958": 864,
    "silver-pyke-peterson": 501.20,
    "stockpyl-example-3-9": 1380,
    "stockpyl-problem-3-27": 424,
    "stockpyl-problem-3-29": 423,
    "stockpyl-scmo-ww-hw-c": 4940,
    "pp08a": 7350,
    "set1ch": 54537.75,
    "bid": 15210109.512,
    "trigeiro-g30b": 37721,
    "trigeiro-g53": 74634,
    "trigeiro-g57": 136509,
}


def files(folder: Path) -> dict[str, bytes]:
    """What a script has written below a folder, by relative path."""
    made = (path for path in sorted(folder.rglob("*")) if path.suffix in WRITTEN and "source" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in made}


def table(name: str, file: str) -> list[dict[str, str]]:
    with (BENCHMARKS / name / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def periods(name: str) -> list[str]:
    """First days of all periods of a benchmark with a capacity, in order."""
    rows = table(name, "supplier_capacity")
    return sorted({row["period"] for row in rows})


def demand(name: str) -> dict[str, list[float]]:
    """Quantities by item and period."""
    place = {day: t for t, day in enumerate(periods(name))}
    quantities: dict[str, list[float]] = {row["item"]: [0.0] * len(place) for row in table(name, "items")}
    for row in table(name, "demand"):
        quantities[row["item"]][place[row["due"]]] += float(row["quantity"])
    return quantities


def column(name: str, file: str, header: str) -> list[float]:
    return [float(row[header]) for row in table(name, file)]


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in INSTANCES.glob("*/make*.py")}))
def test_scripts_write_their_instances_again_byte_for_byte(folder: str, tmp_path: Path) -> None:
    for script in sorted((INSTANCES / folder).glob("make*.py")):
        runpy.run_path(str(script))["main"](tmp_path)

    made, kept = files(tmp_path), files(INSTANCES / folder)
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_there_are_scripts_to_run() -> None:
    assert {path.parent.name for path in INSTANCES.glob("*/make*.py")} == {
        "all-rules",
        "benchmarks",
        "erp-export",
        "health-supplies",
        "retail-stores",
    }


@pytest.mark.parametrize(("name", "known"), KNOWN.items())
def test_every_benchmark_expects_its_published_value(name: str, known: float) -> None:
    expected = json.loads((BENCHMARKS / name / "expected.json").read_text(encoding="utf-8"))

    assert expected["objective"] == known
    assert expected["source"]
    assert expected["time_limit"] > 0


def test_no_benchmark_is_without_a_known_value() -> None:
    assert {path.parent.name for path in BENCHMARKS.glob("*/instance.toml")} == KNOWN.keys()


@pytest.mark.parametrize("name", KNOWN)
def test_nothing_costs_by_default_in_a_benchmark(name: str) -> None:
    for row in table(name, "items"):
        assert (row["shortage_cost"], row["ending_value"]) == ("10000", "0")
        assert row["holding_cost"]
        assert row["backorder_cost"]
        assert row["max_delay"] == ("" if name == "pp08a" else "0")
    assert "safety_stock" not in table(name, "inventory")[0]


def numbers(line: str) -> list[float]:
    return [float(cell) for cell in line.split()]


# The first item's first four quantities, copied from the files by hand, keep the parser below honest.
@pytest.mark.parametrize(
    ("name", "capacity", "first"),
    [
        ("G30b", 728, [119, 76, 116, 102]),
        ("G53", 1456, [0, 95, 110, 96]),
        ("G57", 2912, [120, 118, 89, 77]),
    ],
)
def test_trigeiro_tables_say_what_the_file_says(name: str, capacity: float, first: list[float]) -> None:
    instance = f"trigeiro-{name.lower()}"
    lines = (SOURCE / f"{name}.DAT").read_text(encoding="ascii").splitlines()
    items, length = (int(cell) for cell in lines[0].split())
    terms = [numbers(line) for line in lines[3 : 3 + items]]
    body = [numbers(line) for line in lines[3 + items :] if re.fullmatch(r"[\d\s.]+", line)]
    # Over 15 items the columns go on in a second block of as many rows.
    rows = [[q for block in range(0, len(body), length) for q in body[block + t]] for t in range(length)]

    assert len(rows[0]) == items
    assert list(demand(instance).values()) == [list(quantities) for quantities in zip(*rows, strict=True)]
    assert column(instance, "supplier_capacity", "capacity") == [float(lines[2])] * length
    unit_time, holding, setup_time, setup_cost = (list(values) for values in zip(*terms, strict=True))
    assert column(instance, "sourcing", "capacity_use") == unit_time
    assert column(instance, "items", "holding_cost") == holding
    assert column(instance, "sourcing", "capacity_setup") == setup_time
    assert column(instance, "sourcing", "order_cost") == setup_cost
    assert float(lines[2]) == capacity
    assert next(iter(demand(instance).values()))[:4] == first


def read_mps(name: str) -> tuple[dict[str, dict[str, float]], dict[str, float], str]:
    """Coefficients by row and column, right-hand sides, and the objective's name of an original MPS file."""
    rows: dict[str, dict[str, float]] = defaultdict(dict)
    right: dict[str, float] = {}
    objective, section = "", ""
    for line in gzip.decompress((SOURCE / f"{name}.mps.gz").read_bytes()).decode("ascii").splitlines():
        cells = line.split()
        if not cells or line.startswith("*") or "'MARKER'" in line:
            continue
        if not line.startswith(" "):
            section = cells[0]
        elif section == "ROWS" and cells[0] == "N":
            objective = cells[1]
        elif section in ("COLUMNS", "RHS"):
            # A right-hand side may lack its set's name.
            pairs = cells[1:] if len(cells) % 2 else cells
            for row, value in zip(pairs[::2], pairs[1::2], strict=True):
                if section == "COLUMNS":
                    rows[row][cells[0]] = float(value)
                else:
                    right[row] = float(value)
    return rows, right, objective


def of(rows: Mapping[str, float], letter: str) -> dict[tuple[int, int], float]:
    """Coefficients of the columns X0102... by (item, period)."""
    cells = ((re.fullmatch(rf"{letter}(\d\d)(\d\d)\.*", name), value) for name, value in rows.items())
    return {(int(match[1]), int(match[2])): value for match, value in cells if match}


@pytest.mark.parametrize("name", ["pp08a", "set1ch"])
def test_miplib_tables_say_what_the_original_problem_says(name: str) -> None:
    rows, right, objective = read_mps(name)
    costs = rows[objective]
    quantities = list(demand(name).values())
    length = len(quantities[0])

    # PP0102.. of pp08a is item 1, period 2; set1ch repeats the period: PP010202 is item 1, period 2.
    balances = {(int(row[2:4]), int(row[4:6])): right.get(row, 0.0) for row in rows if row.startswith("PP")}
    assert balances == {(i, t): q for i, row in enumerate(quantities, 1) for t, q in enumerate(row, 1)}

    setup, holding = column(name, "sourcing", "order_cost"), column(name, "items", "holding_cost")
    assert of(costs, "Y") == {(i, t): cost for i, cost in enumerate(setup, 1) for t in range(1, length + 1)}
    # No stock is left at the end: the last period has no such column.
    assert of(costs, "S") == {(i, t): cost for i, cost in enumerate(holding, 1) for t in range(1, length)}

    capacity = column(name, "supplier_capacity", "capacity")
    for t, amount in enumerate(capacity, 1):
        assert right[f"CAP{t:02d}..."] == amount
        used = of(rows[f"CAP{t:02d}..."], "X")
        assert used == {(i, t): use for i, use in enumerate(column(name, "sourcing", "capacity_use"), 1)}

    late = column(name, "items", "backorder_cost")
    backlog = of(costs, "R")
    assert backlog == ({(i, t): cost for i, cost in enumerate(late, 1) for t in range(1, length)} if any(late) else {})
    overtime = [costs.get(f"O{t:02d}.....", 0.0) for t in range(1, length + 1)]
    assert overtime == column(name, "supplier_capacity", "overtime_cost")
    # Unlimited in the problem: here as much as there is work.
    work = sum(sum(row) for row in quantities)
    assert column(name, "supplier_capacity", "overtime_capacity") == [work if cost else 0.0 for cost in overtime]


def test_wagner_whitins_order_costs_are_dated() -> None:
    # Table 1 of the paper; April and May cost 101 and 98, February and March both 102: one row.
    rows = [(row["valid_from"], row["valid_to"], row["order_cost"]) for row in table("wagner-whitin-1958", "sourcing")]

    assert rows[:4] == [
        ("", "2027-01-31", "85"),
        ("2027-02-01", "2027-03-31", "102"),
        ("2027-04-01", "2027-04-30", "101"),
        ("2027-05-01", "2027-05-31", "98"),
    ]
    assert rows[-1] == ("2027-12-01", "", "114")
    assert len(rows) == 11


@pytest.mark.parametrize("key", ["example_3_9", "problem_3_27", "problem_3_29", "scmo_ww_hw_c"])
def test_stockpyl_tables_say_what_the_package_says(key: str) -> None:
    name = "stockpyl-" + key.replace("_", "-")
    case = json.loads((SOURCE / "stockpyl.json").read_text(encoding="utf-8"))[key]

    assert column(name, "demand", "quantity") == case["demand"]
    assert column(name, "items", "holding_cost") == [case["holding_cost"]]
    assert set(column(name, "sourcing", "order_cost")) == {case["fixed_cost"]}
    # Rows of equal price are one row, so that the prices 3, 1, 4, 6, 6 are four rows.
    prices = case.get("purchase_cost", [0])
    runs = [price for price, before in zip(prices, [None, *prices], strict=False) if price != before]
    assert column(name, "sourcing", "unit_cost") == runs
