"""Limits: which cells hold at any cost, what they say, and the instance without them."""

from typing import Any

import numpy as np

from models.limits import Cell, Limit, in_force, told, without
from models.parts import parts
from models.schema import settings, tables
from tests.models.solved import instance

MINIMUM = Limit("sourcing", "minimum_quantity", "a minimum quantity of {}")
CLOSED = Limit("order_calendar", "kind", "closed", only=("closed",), whole_row=True)
OTHERS = Limit("order_calendar", "kind", "in other periods only", only=("order",), whole_row=True, together=True)
FROZEN = Limit("", "horizon.frozen", "the first {} order periods are frozen", free=0.0)
WAIT = Limit("demand", "max_delay", "a wait of at most {} periods", free=1e6)
RATE = Limit("fill_rates", "minimum_fill_rate", "a fill rate of {}", whole_row=True, unless="cost")


def made() -> Any:
    return instance(
        sourcing=[{"unit_cost": 1, "lead_time": 0, "minimum_quantity": 5000}, {"item": "A", "supplier": "Z",
                  "unit_cost": 1, "lead_time": 0}],
        suppliers=[{}, {"supplier": "Z"}],
        order_calendar=[{"period": t, "supplier": s, "kind": k} for t, s, k in
                        ((0, "S", "closed"), (1, "S", "order"), (2, "Z", "order"))],
        demand=[{"due": 0, "quantity": 1, "max_delay": 0}, {"due": 1, "quantity": 1, "kind": "forecast"}],
        fill_rates=[{"minimum_fill_rate": 0.5}, {"customer": "C", "minimum_fill_rate": 0.5, "cost": 1}],
        settings={"horizon.frozen": 2.0},
    )  # fmt: skip


def test_cells_that_hold_are_found_and_others_are_not() -> None:
    found = list(in_force(made(), (MINIMUM, CLOSED, OTHERS, FROZEN, WAIT, RATE)))
    assert found == [
        Cell(MINIMUM, (0,)), Cell(CLOSED, (0,)), Cell(OTHERS, (1, 2)), Cell(FROZEN), Cell(WAIT, (0,)), Cell(RATE, (0,))
    ]  # fmt: skip
    assert list(in_force(instance(), (MINIMUM, CLOSED, FROZEN))) == []


def test_they_say_what_for_whom_and_when() -> None:
    assert [told(made(), cell) for cell in in_force(made(), (MINIMUM, CLOSED, OTHERS, FROZEN, WAIT, RATE))] == [
        "a minimum quantity of 5,000 (item A, supplier S)",
        "closed (supplier S, week of 2026-11-23)",
        "in other periods only",
        "the first 2 order periods are frozen ([horizon] frozen of instance.toml)",
        "a wait of at most 0 periods (item A, customer C, due 2026-11-23)",
        "a fill rate of 0.5",
    ]


def test_without_them_nothing_else_changes() -> None:
    whole = made()
    free = without(whole, [Cell(MINIMUM, (0,)), Cell(CLOSED, (0,)), Cell(FROZEN), Cell(WAIT, (0,)), Cell(RATE, (0,))])
    assert free["sourcing"]["minimum_quantity"].tolist() == [0, 0]
    assert free["order_calendar"]["kind"].tolist() == ["order", "order"]
    assert free["order_calendar"].text("period").tolist() == whole["order_calendar"].text("period").tolist()[1:]
    assert free.settings["horizon.frozen"] == 0 and free["fill_rates"]["cost"].tolist() == [1]
    assert free["demand"]["max_delay"][0] == 1e6 and np.isnan(free["demand"]["max_delay"][1])
    assert list(in_force(free, (MINIMUM, CLOSED, FROZEN, RATE))) == []
    assert whole["sourcing"]["minimum_quantity"].tolist() == [5000, 0]


def test_a_limit_is_of_a_column_that_is_there() -> None:
    known = {(name, column.name) for name, table in tables().items() for column in table.all_columns}
    known |= {("", setting.path) for setting in settings()}
    declared = [limit for part in parts() for limit in part.limits]
    assert {(limit.table, limit.column) for limit in declared} <= known
    assert {(limit.table, limit.unless) for limit in declared if limit.unless} <= known
