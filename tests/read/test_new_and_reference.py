"""New instances and the reference page, both made from the declarations."""

from pathlib import Path

import pytest

from models import schema
from models.tables import Table, date, periods, quantity, text
from optimizer.check import check
from optimizer.read import Declarations, default_declarations, read
from optimizer.read.new import USUAL, new
from optimizer.read.reference import reference

from .small import SMALL

TABLES_PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_a_new_instance_has_every_table_and_passes_every_check(tmp_path: Path) -> None:
    files = new(tmp_path / "plant 2", every=True)
    assert {file.stem for file in files} == {"instance", *schema.tables()}
    report = check(tmp_path / "plant 2")
    assert [str(found) for found in report.findings] == []
    assert report.input is not None
    assert report.input.name == "plant 2"
    # One example row in each table, but where a row takes two ids of one kind.
    assert all(len(one) == one.table.illustrated for one in report.input.instance.tables.values())


def test_a_new_instance_has_what_most_planners_have_and_passes_every_check(tmp_path: Path) -> None:
    files = new(tmp_path / "plant")
    needed = {name for name, table in schema.tables().items() if not table.optional}
    assert {file.stem for file in files} == {"instance", *needed, *USUAL}
    assert set(USUAL) <= set(schema.tables())
    assert check(tmp_path / "plant").findings == []


def test_settings_of_a_new_instance_are_those_without_it(tmp_path: Path) -> None:
    new(tmp_path / "x", SMALL)
    found = read(tmp_path / "x", declarations=SMALL)
    assert found.instance.settings == {"horizon.frozen": 0.0, "costs.holding_rate": 0.25}
    assert found.warnings == []


def test_settings_of_a_new_instance_say_what_they_are_for(tmp_path: Path) -> None:
    new(tmp_path / "plant 2", SMALL)
    assert (
        (tmp_path / "plant 2" / "instance.toml").read_text(encoding="utf-8")
        == """\
name = "plant 2"                # plans are filed under it
start = 2026-11-23              # moved back to the first day of its period
periods = 26                    # longest lead time + 8, or more
period = "week"                 # "day", "week" or "month"
currency = "EUR"

[solve]
gap = 0.01                      # stop when at most this share of the cost is left to gain
time_limit = 300                # seconds
# threads = 2                   # that may be used; by default all
seed = 0

# [read]                        # for CSV files that are not written with commas, points, ISO dates and UTF-8:
# delimiter = ";"
# decimal = ","
# thousands = "."
# date_format = "%d.%m.%Y"
# encoding = "cp1252"

[horizon]
frozen = 0                      # Frozen periods. [periods]

[costs]
holding_rate = 0.25             # Holding rate. [share of the price a year]
"""
    )


@pytest.mark.parametrize("name", [".hidden", "a*b", "ü"])
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    new(tmp_path / name, SMALL)
    assert read(tmp_path / name, declarations=SMALL).name == {".hidden": "hidden", "a*b": "ab", "ü": "ü"}[name]


def test_columns_without_an_example_get_one_that_is_allowed(tmp_path: Path) -> None:
    table = Table(
        "notes",
        key=(text("note", "A name."), date("day", "A day."), text("kind", "A kind.", choices=("long", "short"))),
        columns=(
            quantity("change", "Of stock.", minimum=None),
            quantity("size", "Its size.", minimum=2.0),
            periods("age", "Its age."),
        ),
    )
    declared = Declarations({"notes": table})
    new(tmp_path / "x", declared)
    assert (tmp_path / "x" / "notes.csv").read_text() == "note,day,kind,change,size,age\nNOTE,2026-11-23,long,1,3,1\n"
    assert read(tmp_path / "x", declarations=declared).warnings == []
    page = reference(declared).splitlines()
    assert page[page.index("### notes") + 2].startswith("| column |")  # nothing is said about it
    assert "| `change` | Of stock. | unit, may be negative | **required** |" in page
    assert "| `size` | Its size. | unit, 2 or more | **required** |" in page


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(FileExistsError, match="is there already and is not empty; name a new folder"):
        new(tmp_path, SMALL)
    with pytest.raises(FileExistsError):
        new(tmp_path / "mine", SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_page_says_what_is_declared() -> None:
    page = reference(SMALL)
    for line in (
        "### locations (optional)",
        "| `item`* | The item. | an id of items | **required** |",
        "| `multiple` | Pack. | unit, above 0 | none |",
        "| `share_max` | Largest share. | share, 1 at most | 1 |",
        "| `on_hand` | On hand. | unit, less counts as 0 | 0 |",
        "| `kind`* | Kind. | `order` or `forecast` | order |",
        "| `price` | Its price. | money per unit | its lowest unit_cost |",
        "| `horizon.frozen` | Frozen periods. (periods) | 0 |",
    ):
        assert line in page.splitlines()


def test_docs_are_up_to_date() -> None:
    made = reference(default_declarations(), schema.results())
    assert TABLES_PAGE.read_text(encoding="utf-8") == made, "run: replenish tables --markdown > docs/tables.md"
