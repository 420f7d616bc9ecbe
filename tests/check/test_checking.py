"""Checks beside faults, and how findings are shown."""

import io
from pathlib import Path

from rich.console import Console

from models.findings import Severity
from optimizer.check import check, grouped
from optimizer.check.show import counted, show
from optimizer.read import Declarations, Located
from optimizer.read.new import new
from tests.read.small import SMALL, write

FOUND = [
    Located(Severity.WARNING, "a", "look\nhere [bold]", "items.csv", 3, "price", "7", "items"),
    *(Located(Severity.FAULT, "b", f"fault {k}", "items.csv", k, "item", "x", "items") for k in range(2, 9)),
    Located(Severity.FAULT, "c", "no file\x1b[2J", "demand.csv"),
]


def shown(terminal: bool) -> str:
    page = io.StringIO()
    show(FOUND, Console(file=page, force_terminal=terminal, color_system=None, width=100))
    return page.getvalue()


def test_plain_lines_where_it_is_no_terminal() -> None:
    lines = shown(terminal=False).splitlines()
    assert lines[0] == "fault: items.csv, row 2, column item: fault 2"
    assert lines[-2] == "fault: demand.csv: no file [2J"
    assert lines[-1] == "warning: items.csv, row 3, column price: look here [bold]"
    assert len(lines) == len(FOUND)


def test_tables_in_a_terminal_show_the_first_of_a_kind() -> None:
    page = shown(terminal=True)
    assert "fault 6" in page
    assert "fault 7" not in page
    assert "and 2 more of these kinds" in page
    assert "look here [bold]" in page
    assert "\x1b" not in page


def test_counts() -> None:
    assert counted(FOUND) == "8 faults, 1 warning"
    assert counted([]) == "no faults, no warnings"


def test_plausibility_is_told_beside_faults(tmp_path: Path) -> None:
    new(tmp_path / "x")
    (tmp_path / "x" / "sourcing.csv").write_text(
        "item,supplier,unit_cost,lead_time,minimum_quantity,multiple\nWIDGET-1,ACME,4,2,10,12\nWIDGET-2,ACME,4,2,,\n"
    )
    report = check(tmp_path / "x")
    assert not report.sound
    assert [str(found) for found in report.findings] == [
        "sourcing.csv, row 3, column item: 'WIDGET-2' is not in items; did you mean 'WIDGET-1'?",
        "sourcing.csv, row 2, column multiple: a pack of 12 is above the minimum of 10: an order is 12 at least",
    ]


def test_a_plan_lists_the_first_of_a_kind_and_counts_the_others() -> None:
    sentences = grouped(FOUND)
    assert sentences[:5] == [
        "items.csv, row 3, column price: look\nhere [bold]",
        *(f"items.csv, row {k}, column item: fault {k}" for k in (2, 3, 4)),
        "demand.csv: no file\x1b[2J",
    ]
    assert sentences[5:] == ["items.csv: 4 more like these (b); `replenish check` shows them all"]


def test_looks_pass_over_tables_that_are_not_declared(tmp_path: Path) -> None:
    folder = write(tmp_path)
    few = Declarations({name: SMALL.tables[name] for name in ("items", "suppliers")})
    assert [str(found) for found in check(folder, declarations=few).findings] == [
        "demand.csv: 'demand' is not read: there is no such table",
        "sourcing.csv: 'sourcing' is not read: there is no such table",
    ]
