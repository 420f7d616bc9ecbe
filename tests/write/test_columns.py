"""The page on what comes out names every column, and the workbook's notes have units."""

from pathlib import Path

import pytest

from models.tables import quantity
from optimizer.report.projection import COLUMNS
from optimizer.write.columns import OPTIONAL, PROJECTION, RESULTS, note
from tests.write.plans import tables

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "output.md").read_text(encoding="utf-8")
BY_RULE = {"wasted", "delivered_item"}  # columns that are there where a rule has rows
ALWAYS = {name: columns for name, columns in RESULTS.items() if name not in OPTIONAL}


@pytest.mark.parametrize("name", sorted(OPTIONAL))
def test_the_page_of_a_rule_names_the_table_that_it_gives(name: str) -> None:
    pages = [DOCS / "output.md", *(DOCS / "rules").glob("*.md")]
    assert any(f"`{name}.csv`" in page.read_text(encoding="utf-8") for page in pages)


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


def test_a_note_has_the_meaning_and_the_unit() -> None:
    price = next(column for column in RESULTS["purchase_orders"] if column.name == "unit_cost")
    assert note(price, "USD") == "Purchase price. [USD per unit]"
    assert note(quantity("q", "How much."), "USD") == "How much. [the item's unit]"
    assert note(RESULTS["costs"][0], "USD") == "What kind of cost it is."
