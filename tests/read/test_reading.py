"""Keys, references, and all faults at once."""

# ruff: noqa: E501  messages stand in one piece, so that they can be searched for

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from models.findings import Finding, fault, warning
from models.instance import Instance, NotThere
from models.tables import Table, text
from optimizer.read import Declarations, Input, InputFaults, read

from .small import SMALL, findings, read_small, write

DEMAND = "item,customer,due,quantity\n"


def test_two_rows_with_one_key(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": "item,price\nA1,1\nB2,2\nA1,3\nB2,2\n"}) == [
        "fault: items.csv, row 4, column item: item 'A1' stands in row 2 already; one row for each item: join or delete them",
        "fault: items.csv, row 5, column item: the row repeats row 3 word for word; delete one",
    ]


def test_a_default_written_out_is_the_same_key(tmp_path: Path) -> None:
    rows = "item,customer,due,kind,quantity\nA1,C1,2026-12-07,,10\nA1,C1,2026-W50,order,11\n"
    assert findings(tmp_path, {"demand.csv": rows}) == [
        "fault: demand.csv, row 3, column item: item 'A1', customer 'C1', due '2026-12-07', kind 'order' stands in row 2 "
        "already; one row for each item + customer + due + kind + location: join or delete them"
    ]


def test_ids_that_nobody_knows(tmp_path: Path) -> None:
    rows = f"{DEMAND}Al,C1,2026-12-07,10\na1,C1,2026-12-07,1\nZZZ,C1,2026-12-07,1\n"
    assert findings(tmp_path, {"demand.csv": rows}) == [
        "fault: demand.csv, row 2, column item: 'Al' is not in items; did you mean 'A1'?",
        "fault: demand.csv, row 3, column item: 'a1' is not in items; did you mean 'A1'?",
        "fault: demand.csv, row 4, column item: 'ZZZ' is not in items",
    ]


def test_leading_zeros_are_not_lost_in_silence(tmp_path: Path) -> None:
    found = findings(tmp_path, {"items.csv": "item\n00123\nA1\nB2\n", "demand.csv": f"{DEMAND}123,C1,2026-12-07,10\n"})
    assert found == ["fault: demand.csv, row 2, column item: '123' is not in items; did you mean '00123'?"]


def test_what_takes_the_place_of_an_absent_table(tmp_path: Path) -> None:
    demand = "item,customer,due,location,quantity\nA1,C1,2026-12-07,nroth,1\nA1,C1,2026-12-07,north,1\n"
    inventory = "item,location,on_hand\nA1,north,5\n"
    assert findings(tmp_path / "a", {"inventory.csv": inventory, "demand.csv": demand}) == [
        "fault: demand.csv, row 2, column location: "
        "'nroth' is not among the locations named in inventory.location; did you mean 'north'?"
    ]
    # Without an inventory too, there is one location, main.
    demand = demand.replace("nroth", "main")
    assert [found.partition(":")[0] for found in findings(tmp_path / "b", {"demand.csv": demand})] == ["fault"]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("Item,price\nA1,1\nB2,2\n", "items.csv, column Item: column 'Item' is not read; did you mean 'item'?"),
        ("price\n1\n", "items.csv, column item: column 'item' is missing"),
        (
            "item,description\nA1,wide, blue\nB2,x\n",
            "items.csv, row 2: the row has 3 cells, the header 2; a text with a delimiter in it must stand in quotation marks",
        ),
        (
            "item,description\nA1 ,x\nB2,x\n",
            "items.csv, row 2, column item: 'A1 ' has spaces round it, so it is another id than 'A1'; "
            "write 'A1', or write trim = true under [read] to take them off every id",
        ),
    ],
)
def test_rows_that_refer_to_a_faulty_one_are_not_told_too(tmp_path: Path, items: str, message: str) -> None:
    assert findings(tmp_path, {"items.csv": items}) == [f"fault: {message}"]


def test_ids_that_nobody_knows_are_told_beside_a_faulty_row(tmp_path: Path) -> None:
    changes = {
        "items.csv": "item,price\nA1,1,1\nB2,2\n",
        "demand.csv": f"{DEMAND}A1,C1,2026-12-07,1\nA2,C1,2026-12-07,1\n",
    }
    assert findings(tmp_path, changes) == [
        "fault: items.csv, row 2: the row has 3 cells, the header 2; a text with a delimiter in it must stand in quotation marks",
        "fault: demand.csv, row 3, column item: 'A2' is not in items",
    ]


def test_what_takes_the_place_of_an_absent_table_may_be_faulty_too(tmp_path: Path) -> None:
    demand = "item,customer,due,quantity,location\nA1,C1,2026-12-07,1,north\n"
    missing = {"demand.csv": demand, "inventory.csv": "item,on_hand\nA1,3\n"}
    assert findings(tmp_path, missing) == ["fault: inventory.csv, column location: column 'location' is missing"]
    ragged = {"demand.csv": demand, "inventory.csv": "item,location,on_hand\nA1,north,3,5\nB2,south,3\n"}
    assert findings(tmp_path, ragged) == [
        "fault: inventory.csv, row 2: the row has 4 cells, the header 3; a text with a delimiter in it must stand in quotation marks"
    ]


def test_locations_that_cannot_be_known_and_those_of_the_inventory_itself(tmp_path: Path) -> None:
    demand = "item,customer,due,quantity,location\nA1,C1,2026-12-07,1,north\n"
    found = findings(tmp_path / "a", {"demand.csv": demand, "inventory.csv": "item,location\nA1,no\0rth\n"})
    assert [text.partition(":")[2].partition(",")[0] for text in found] == [" inventory.csv"]
    listed = {"locations.csv": "location\nnorth\n", "inventory.csv": "item,location,on_hand\nA1,south,1\n"}
    assert findings(tmp_path / "b", listed) == [
        "fault: inventory.csv, row 2, column location: 'south' is not in locations; did you mean 'north'?"
    ]


def test_all_faults_at_once(tmp_path: Path) -> None:
    changes = {
        "instance.toml": 'start = "soon"\nperiods = 0\n',
        "items.csv": "item,price\nA1,x\nA1,1\n",
        "sourcing.csv": "item,supplier,unit_cost,lead_time\nA1,ACMEE,1,1\nA1,BEST,1\n",
        "demand.csv": None,
    }
    places = [found.split(":")[1] for found in findings(tmp_path, changes)]
    assert places == [
        " instance.toml, row 1, key start",
        " instance.toml, row 2, key periods",
        " sourcing.csv, row 3",
        " demand.csv",
        " items.csv, row 2, column price",
        " items.csv, row 3, column item",
        " sourcing.csv, row 2, column supplier",
    ]


def _check(instance: Instance) -> Iterator[Finding]:
    for row, quantity in enumerate(instance["demand"]["quantity"]):
        if quantity > 50:
            yield fault("too much", "too much", table="demand", row=row, column="quantity", value=quantity)
        yield warning("seen", "seen", table="demand", row=row)


CHECKED = Declarations(SMALL.tables, SMALL.settings, _check)


def test_what_parts_find_is_located_and_told_beside_other_faults(tmp_path: Path) -> None:
    # Row 4 is checked, and keeps its number; row 2 refers to an item whose row has a fault, and is looked at without it.
    changes = {
        "items.csv": "item,price\nA1,x\nB2,1\n",
        "demand.csv": f"{DEMAND}A1,C1,2026-12-07,99\n\nB2,C1,2026-12-07,99\n",
    }
    with pytest.raises(InputFaults) as faults:
        read(write(tmp_path, changes), declarations=CHECKED)
    assert str(faults.value).splitlines()[1:] == [
        "demand.csv, row 4, column quantity: too much",
        "demand.csv, row 2, column quantity: too much",
    ]
    assert faults.value.faults[1].value == "99"
    assert isinstance(faults.value.partial, Input)
    assert [str(found) for found in read(write(tmp_path / "sound"), declarations=CHECKED).warnings] == [
        "demand.csv, row 2: seen",
        "demand.csv, row 3: seen",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ["no prices", "no date"]),
        ({"items.csv": "item,price\nA1,x\nB2,1\n"}, ["no prices", "no date"]),  # by the sound row
        ({"items.csv": "item,price\nA1,x,9\nB2,1\n"}, ["no prices", "no date"]),
        ({"items.csv": "\0"}, ["no date"]),
        ({"instance.toml": "periods = 13\n"}, ["no prices"]),
        ({"suppliers.csv": None}, ["no prices", "no date"]),
        ({"demand.csv": None}, ["no prices"]),
    ],
)
def test_a_table_that_cannot_be_read_hides_only_what_cannot_be_said_without_it(
    tmp_path: Path, changes: dict[str, str | None], told: list[str]
) -> None:
    def prices(instance: Instance) -> Iterator[Finding]:
        if instance["items"]["price"].min() > 0:
            yield fault("prices", "no prices")

    def dates(instance: Instance) -> Iterator[Finding]:
        if instance.calendar.periods and len(instance["demand"]["due"]):
            yield fault("dates", "no date")

    def check(instance: Instance) -> Iterator[Finding]:
        for one in (prices, dates):
            with suppress(NotThere, KeyError):
                yield from one(instance)

    with pytest.raises(InputFaults) as faults:
        read(write(tmp_path, changes), declarations=Declarations(SMALL.tables, SMALL.settings, check))
    assert [found.message for found in faults.value.faults if not found.where] == told


def test_a_check_that_stumbles_over_a_faulty_instance_hides_no_fault(tmp_path: Path) -> None:
    def stumbles(instance: Instance) -> Iterator[Finding]:
        yield fault("never told", str(instance["no such table"]))

    with pytest.raises(InputFaults, match=r"items\.csv, row 2"):
        read(
            write(tmp_path, {"items.csv": "item,price\nA1,x\nB2,2\n"}),
            declarations=Declarations(SMALL.tables, check=stumbles),
        )
    with pytest.raises(KeyError):
        read(write(tmp_path), declarations=Declarations(SMALL.tables, check=stumbles))


def test_many_findings_of_one_rule_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"A1,C{k},2026-12-07,1\n" for k in range(130))
    found = read(write(tmp_path, {"demand.csv": DEMAND + rows}), declarations=CHECKED).warnings
    assert len(found) == 101
    assert str(found[-1]) == "demand.csv: … and 30 more like these (seen)"


def test_the_instance(tmp_path: Path) -> None:
    found = read_small(
        tmp_path, {"instance.toml": "start = 2026-11-25\nperiods = 4\n[solve]\ngap = 0\n[horizon]\nfrozen = 2\n"}
    )
    assert found.name == tmp_path.name
    assert (str(found.instance.calendar.start), found.instance.calendar.periods) == ("2026-11-23", 4)
    assert found.instance.settings == {"horizon.frozen": 2.0, "costs.holding_rate": 0.25}
    assert (found.solve.gap, found.solve.time_limit, found.solve.threads, found.solve.seed) == (0.0, 300.0, None, 0)
    assert found.settings_text["solve"] == {"gap": 0}


def test_many_faults_of_one_kind_are_counted(tmp_path: Path) -> None:
    items = "item\nA1\nB2\n" + "A1\n" * 120
    demand = DEMAND + "".join(f"X{k},C{k},2026-12-07,1\n" for k in range(130))
    found = findings(tmp_path, {"items.csv": items, "demand.csv": demand})
    assert "fault: items.csv: … and 20 more rows like these" in found
    assert "fault: demand.csv, column item: … and 30 more cells like these" in found
    assert len(found) == 202


def test_ragged_rows_are_counted_too(tmp_path: Path) -> None:
    found = findings(tmp_path, {"items.csv": "item,price\nA1,1\nB2,2\n" + "C\n" * 150})
    assert len(found) == 101
    assert found[-1] == "fault: items.csv: … and 50 more rows like these"


def test_tables_without_a_key_or_without_anybody_who_names_their_rows(tmp_path: Path) -> None:
    log = Table("log", columns=(text("note", "A note."), text("buyer", "Who.", refers="buyers", default="")))
    buyers = Table("buyers", key=(text("buyer", "Who."),), optional=True)
    declared = Declarations({"log": log, "buyers": buyers})
    folder = write(tmp_path, {"log.csv": "note,buyer\nx,anybody\nx,anybody\n", "items.csv": None, "demand.csv": None})
    found = read(folder, declarations=declared)
    assert found.text["log"] == {"note": ["x", "x"], "buyer": ["anybody", "anybody"]}


def test_a_finding_of_a_column_that_the_table_lacks_has_its_row(tmp_path: Path) -> None:
    found = read_small(tmp_path)
    located = found.locate(fault("odd", "is odd", table="items", row=1, column="weight", value=7.0))
    assert (located.place, located.value) == ("items.csv, row 3, column weight", "7")
    assert found.locate(fault("odd", "is odd", table="items")).place == "items.csv"
    assert found.locate(fault("odd", "is odd")).place == ""
