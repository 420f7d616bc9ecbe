"""The page on what comes out names every table and column."""

from pathlib import Path

import pytest

from optimizer.report.projection import COLUMNS
from optimizer.write.columns import OPTIONAL, PROJECTION, RESULTS
from tests.write.plans import tables

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "output.md").read_text(encoding="utf-8")
BY_RULE = {"wasted", "delivered_item"}  # columns that are there where a rule has rows
ALWAYS = {name: columns for name, columns in RESULTS.items() if name not in OPTIONAL}


@pytest.mark.parametrize("name", sorted(OPTIONAL))
def test_the_page_of_a_rule_names_the_table_that_it_gives(name: str) -> None:
    assert f"| `{name}.csv` |" in PAGE
    if name != "promise_changes":
        assert any(f"`{name}.csv`" in page.read_text(encoding="utf-8") for page in (DOCS / "rules").glob("*.md"))


@pytest.mark.parametrize("name", ALWAYS)
def test_the_page_names_every_column(name: str) -> None:
    section = PAGE.partition(f"## `{name}.csv`")[2].partition("\n## ")[0]
    for column in RESULTS[name]:
        assert f"`{column.name}`" in section


def test_the_page_names_every_column_of_the_projection() -> None:
    for column in PROJECTION[3:]:
        assert f"`{column.name}`" in PAGE


def test_the_declared_columns_are_those_that_are_written() -> None:
    assert [column.name for column in PROJECTION] == COLUMNS
    assert {name: list(frame.columns) for name, frame in tables().items()} == {
        name: [column.name for column in columns if column.name not in BY_RULE] for name, columns in ALWAYS.items()
    }
