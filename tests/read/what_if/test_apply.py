"""Changes as they are made: to cells with their defaults, to rows that are not there, to settings; what is refused.

The quickstart has prices 14, 32 and 6; `grease` has neither holding nor backorder cost: 0.26 × 6 / 52 = 0.03 a week,
0.05 × 6 = 0.3 a week late. `acme` has a capacity in four of the ten weeks.
"""

from pathlib import Path

import pytest

from optimizer import plan, read
from optimizer.read import Input
from optimizer.read.changed import changed
from optimizer.read.published import instance_of, published
from optimizer.read.what_if import ChangeRefused, applied, parsed

QUICKSTART = Path(__file__).parents[3] / "instances" / "quickstart"


@pytest.fixture(scope="module")
def source() -> Input:
    """An instance with several tables."""
    return read(QUICKSTART)


def made(source: Input, *texts: str) -> Input:
    return applied(source, [parsed(text) for text in texts])


def cells(source: Input, path: str) -> list[str]:
    table, column = path.split(".")
    return source.text[table][column]


def test_an_empty_cell_counts_as_its_default(source: Input) -> None:
    # By hand: 1 × 1.5, 2 × 1.5, and of an empty cell 6 × 0.05 × 1.5 = 0.45; 0.1, 0.2 and 0.03 plus 0.02.
    other = made(source, "items.backorder_cost*1.5", "items.holding_cost+0.02")
    assert cells(other, "items.backorder_cost") == ["1.5", "3", "0.45"]
    assert cells(other, "items.holding_cost") == ["0.12", "0.22", "0.05"]
    assert str(other.changes[0]) == "items.backorder_cost*1.5 (items.backorder_cost: 3 rows changed)"
    assert (source.changes, other.path, other.hashes) == ([], source.path, source.hashes)


def test_lead_times_in_days_count_in_periods(source: Input) -> None:
    # 14 days are 2 weeks, 5 days 1; the last row has 0.
    assert cells(made(source, "sourcing.lead_time+1"), "sourcing.lead_time") == ["2", "2", "3", "2", "2", "1"]


def test_no_limit_stays_no_limit(source: Input) -> None:
    other = made(source, "items.max_delay*2")
    assert cells(other, "items.max_delay") == ["", "8", ""]
    assert other.changes[0].note == "items.max_delay: 1 row changed, 2 rows without a figure as before"
    with pytest.raises(ChangeRefused, match="which means none: nothing changes"):
        made(source, "suppliers[orient].maximum_order_value*2")


def test_what_a_line_takes_from_its_item(source: Input) -> None:
    own = cells(source, "demand.backorder_cost")
    items = {"chain": 1.0, "tyre": 2.0, "grease": 0.3}
    lines = zip(own, cells(source, "demand.item"), strict=True)
    wanted = [2 * (float(text) if text else items[item]) for text, item in lines]
    doubled = cells(made(source, "demand.backorder_cost*2"), "demand.backorder_cost")
    assert [float(text) for text in doubled] == pytest.approx(wanted)


def test_rows_are_selected_by_key_and_by_column(source: Input) -> None:
    other = made(source, "items[tyre].price-10%", "items[class=B].price=1")
    assert cells(other, "items.price") == ["1", "28.8", "6"]
    other = made(source, "sourcing[grease,acme,north].unit_cost=1", 'sourcing[grease,location=""].unit_cost=2')
    assert cells(other, "sourcing.unit_cost")[-2:] == ["2", "1"]
    # 2026-12-18 is in the week of the third row; two rows have 40, and 40 / 3 has nine places.
    other = made(source, "supplier_capacity[acme,2026-12-18].capacity*2", "supplier_capacity[capacity=40].capacity/3")
    assert cells(other, "supplier_capacity.capacity") == ["13.333333333", "13.333333333", "60", "0"]


def test_a_period_that_has_no_row_gets_one(source: Input) -> None:
    # Ten weeks, four of which have a row.
    other = made(source, "suppliers[acme].capacity=0", "supplier_capacity[orient,2026-W50].capacity=5")
    assert cells(other, "supplier_capacity.capacity") == [*["0"] * 10, "5"]
    assert sorted(cells(other, "supplier_capacity.period"))[:2] == ["2026-11-23", "2026-11-30"]
    assert cells(other, "supplier_capacity.period")[-1] == "2026-12-07"
    assert other.changes[0].note == "supplier_capacity.capacity: 4 rows changed, 6 rows added"
    assert cells(made(source, "budgets.amount=500"), "budgets.amount") == ["500"]


def test_a_table_that_lists_names_gets_those_that_are_implied(source: Input) -> None:
    without = changed(source, {"customers": {}})
    assert "customers" not in without.text
    first = str(without.instance.labels["customer"][0])
    assert cells(made(without, f"customers[{first}].weight=3"), "customers.weight")[0] == "3"


def test_dates_move_and_the_others_stay_as_written(source: Input) -> None:
    other = made(source, "open_orders.arrival+7", "demand[tyre].quantity*2")
    before, after = (one.instance["open_orders"]["arrival"] for one in (source, other))
    assert (after - before).astype(int).tolist() == [7] * len(before)
    assert other.as_written("demand", "due") == source.as_written("demand", "due")
    assert other.instance["demand"].text("due").tolist() == source.instance["demand"].text("due").tolist()
    assert len(other.changes) == 2


def test_settings(source: Input) -> None:
    other = made(source, "solve.gap=0.02", "costs.backorder_rate*2", "periods=8", "horizon.whole_packs=")
    settings = other.instance.settings
    assert (other.solve.gap, other.instance.calendar.periods) == (0.02, 8)
    assert (settings["costs.backorder_rate"], settings["horizon.whole_packs"]) == (0.1, None)
    assert [change.note for change in other.changes] == [
        "solve.gap: 0.0 → 0.02",
        "costs.backorder_rate: 0.05 → 0.1",
        "periods: 10 → 8",
        "horizon.whole_packs: 6 → none",
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("item.price*2", "neither a table nor a setting; did you mean 'items'"),
        ("itms[a].price*2", "there is no table 'itms'; did you mean 'items'"),
        ("items.prce*2", "items has no column 'prce'; did you mean 'price'"),
        ("items.zzz*2", "items has no column 'zzz'; it has item, description"),
        ("items.unit_cost*2", r"write .*sourcing\[item=…\]\.unit_cost"),
        ("items[a,b].price=1", "items has 1 key columns: item"),
        ("items[clas=A].price=1", "no column 'clas'; did you mean 'class'"),
        ("items[tyre,item=tyre].price=1", "column item stands twice"),
        ("items[tire].price=1", "no row of items has item 'tire'; did you mean 'tyre'"),
        ("items[tyre,class=B].price=1", "no row of items has item 'tyre', class 'B' together"),
        ("budgets.amount*2", "the instance has no table budgets"),
        ("items.class*2", "items.class is a text; only = changes it"),
        ("inventory.safety_stock_cost*2", "are empty, and stand for 4 × the holding cost"),
        ("items.price=-1", r"items\.price: '-1' is negative.*\(and 2 more\)$"),
        ("items[tyre].price=-1", r"items\.price: '-1' is negative.*lowest unit_cost\)$"),
        ("sourcing.lead_time*1.5", "'1.5' is not a whole number"),
        ("suppliers[nobody].capacity=0", "'nobody' is not in suppliers"),
        ("supplier_capacity[acme,2020-01-01].capacity=0", "'2020-01-01' is no day of the horizon"),
        ("supplier_capacity[acme,soon].capacity=0", "'soon' is no date for column period"),
        ("supplier_capacity[capacity=x].capacity=0", "'x' is no number for column capacity"),
        ("demand.due*2", "is a date; it is moved with"),
        ("demand.due+0.5", "by whole days"),
        ("solve.gpa=1", "'solve.gpa' is neither a table nor a setting; did you mean 'solve.gap'"),
        ("solve.gap=2", "is not a share from 0 to below 1"),
        ("solve.formulation*2", "it is auto, no number; set it with ="),
        ("read.decimal=,", r"the tables have been read; what \[read\] says cannot be changed"),
        ("name=other", "the instance keeps its name"),
    ],
)
def test_what_cannot_be_made_is_told(source: Input, text: str, wrong: str) -> None:
    with pytest.raises(ChangeRefused, match=wrong) as told:
        made(source, text)
    assert str(told.value).startswith(f"--set '{text}': ")


def test_a_plan_of_it_says_so_first_and_is_audited_by_the_changed_tables(source: Input, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    other = made(source, "customers.weight*2", "periods=6")
    of_it = plan(other, gap=0.9, time_limit=5, out=out)
    assert of_it.warnings[0].startswith("what if: customers.weight*2 (")
    there = published(out)
    assert next(iter(there.document)) == "what_if"
    assert [change["text"] for change in there.run["changes"]] == ["customers.weight*2", "periods=6"]
    again, _ = instance_of(there)
    assert again.text == other.text
    assert again.instance.calendar.periods == 6


def test_rows_of_a_day_and_days_that_there_are_not(source: Input) -> None:
    day = cells(source, "demand.due")[1]
    other = made(source, f"demand[due={day}].quantity=7")
    wanted = [
        "7" if due == day else was
        for due, was in zip(cells(source, "demand.due"), cells(source, "demand.quantity"), strict=True)
    ]
    assert cells(other, "demand.quantity") == wanted
    late = made(source, "sourcing[valid_from=2027-01-04].valid_to=9999-12-30")
    with pytest.raises(ChangeRefused, match="there is no such day"):
        made(late, "sourcing.valid_to+9")


def test_what_four_times_the_holding_cost_stands_for(source: Input) -> None:
    # Empty cells of overstock_cost are 4 × the item's holding cost: 0.1, 0.2, and 0.03 of what has none.
    holding = {"chain": 0.1, "tyre": 0.2, "grease": 0.03}
    own = zip(cells(source, "inventory.item"), cells(source, "inventory.overstock_cost"), strict=True)
    wanted = [2 * (float(text) if text else 4 * holding[item]) for item, text in own]
    assert [float(text) for text in cells(made(source, "inventory.overstock_cost*2"), "inventory.overstock_cost")] == (
        pytest.approx(wanted)
    )


def test_a_setting_may_be_a_word(source: Input) -> None:
    assert made(source, "currency=USD").instance.currency == "USD"
