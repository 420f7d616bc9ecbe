"""Order calendars, by hand."""

from typing import Any

import pytest

from tests.models.solved import PLAIN, Row, day, found, instance, orders, places, result_tables, solved

BESIDE = {
    "order_calendar": [
        {"supplier": "BOLT", "period": 1, "kind": "order"},
        {"supplier": "BOLT", "period": 2, "kind": "order"},
        {"supplier": "ACME", "period": 2, "kind": "closed"},
    ]
}
BESIDE_SETTINGS = {"horizon.frozen": 0.0}
SOURCE: Row = {"unit_cost": 2, "lead_time": 1}


def rows(kind: str, *periods: int, supplier: str = "S") -> list[Row]:
    return [{"supplier": supplier, "period": t, "kind": kind} for t in periods]


def made(*calendar: Row, demand: tuple[float, ...] = (0, 5, 5, 5, 5), **more: Any) -> Any:
    """A unit costs 2, a week on hand 1, a week of waiting 3, a lost one 100."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand) if quantity]
    return instance(
        periods=len(demand), **{"sourcing": [SOURCE], "demand": lines, "order_calendar": list(calendar), **more}
    )


def taken(made_one: Any) -> dict[int, int]:
    """Arrival by order period, of every order line that can be placed."""
    arrives = {}
    (lines,) = solved(made_one).book.posted("order lines")
    for order, arrival in zip(lines.period, lines.arrival, strict=True):
        arrives[int(order)] = int(arrival)
    return arrives


def test_without_a_calendar_every_period_is_open() -> None:
    assert taken(made()) == {0: 1, 1: 2, 2: 3, 3: 4}
    assert solved(made()).objective == pytest.approx(40)


def test_orders_are_taken_in_their_weeks_only() -> None:
    # Weeks 0 and 2: 10 arrive in week 1 and 10 in week 3, of which 5 lie for a week each.
    calendar = rows("order", 0, 2)
    assert taken(made(*calendar)) == {0: 1, 2: 3}
    assert solved(made(*calendar)).objective == pytest.approx(40 + 10)
    # Week 1 alone: 20 arrive in week 2: 5 have waited, 5 lie for one week and 5 for two.
    assert solved(made(*rows("order", 1))).objective == pytest.approx(40 + 15 + 5 + 10)


def test_a_closed_week_takes_no_orders_and_delays_what_is_under_way() -> None:
    # Closed in week 2: what is ordered in week 1 arrives in week 3, with what is ordered in week 2 by nobody.
    assert taken(made(*rows("closed", 2))) == {0: 1, 1: 3, 3: 4}
    # 10 arrive in week 1, 5 of them for week 2.
    assert solved(made(*rows("closed", 2))).objective == pytest.approx(40 + 5)


@pytest.mark.parametrize(
    ("lead", "closed", "arrival"),
    [
        (0, (1,), {0: 0, 2: 2, 3: 3, 4: 4}),
        (2, (2,), {0: 3, 1: 4}),
        (2, (1, 2), {0: 4}),
        (1, (1, 2, 3), {0: 4}),
        (2, (4,), {0: 2, 1: 3}),
        (3, (0,), {1: 4}),
        (1, (4,), {0: 1, 1: 2, 2: 3}),
    ],
)
def test_lead_times_count_open_weeks(lead: int, closed: tuple[int, ...], arrival: dict[int, int]) -> None:
    source = [SOURCE | {"lead_time": lead}]
    assert taken(made(*rows("closed", *closed), demand=(5,) * 5, sourcing=source)) == arrival


def test_a_row_without_a_supplier_is_for_all_and_closed_beats_order() -> None:
    two: dict[str, Any] = {
        "suppliers": [{"supplier": "S"}, {"supplier": "Z"}],
        "sourcing": [SOURCE | {"supplier": s} for s in "SZ"],
    }
    calendar = [*rows("order", 0, 2, supplier="S"), *rows("closed", 2, supplier="")]
    weeks = sorted((s, t) for _, s, _, t in orders(made(*calendar, **two)))
    assert weeks == [("S", 0), ("Z", 0), ("Z", 1), ("Z", 3)]


def test_any_day_of_a_week_means_the_week_and_those_outside_mean_nothing() -> None:
    calendar = [{"supplier": "S", "period": day(2, 4), "kind": "closed"}, *rows("closed", -1, 9)]
    assert taken(made(*calendar)) == taken(made(*rows("closed", 2)))


def test_faster_transport_waits_for_a_closed_supplier_too() -> None:
    modes = [{"supplier": "S", "mode": "air", "lead_time": 1, "unit_cost": 1}]
    slow = [SOURCE | {"lead_time": 2}]
    plan = result_tables(made(*rows("closed", 1), sourcing=slow, transport_modes=modes))
    assert [row["arrival_period"] for row in plan["expedited"]][:1] == [day(2)]
    assert {row["arrival_period"] for row in plan["purchase_orders"] if row["order_period"] == day(0)} == {day(3)}


@pytest.mark.parametrize(
    ("strict", "freer"),
    [
        (rows("order", 1), rows("order", 1, 2)),
        (rows("closed", 1, 2), rows("closed", 2)),
        (rows("closed", 2), []),
        (rows("order", 0, 3), []),
    ],
)
def test_relaxing_never_costs_more(strict: list[Row], freer: list[Row]) -> None:
    source = [SOURCE | {"order_cost": 7}]
    assert solved(made(*freer, sourcing=source)).objective <= solved(made(*strict, sourcing=source)).objective + 1e-6


def test_a_supplier_that_is_never_open_is_told() -> None:
    assert places(found("order_calendars", made(*rows("order", 9)))) == [
        ("no orders taken", "suppliers", 0, "supplier")
    ]
    assert found("order_calendars", made(*rows("order", 1))) == []


def test_an_override_in_a_closed_week_is_a_contradiction_that_is_told() -> None:
    forced = made(*rows("closed", 1), items=[PLAIN], overrides=[{"period": 1, "supplier": "S", "quantity": 8}])
    (finding,) = found("overrides", forced)
    assert finding.rule == "override cannot be kept"
    assert (
        finding.message == f"8 of A in the week of {day(1)} cannot be ordered: S takes no orders then (order_calendar)"
    )
    kept = made({"supplier": "S", "period": 2, "kind": "closed"}, overrides=[{"period": 1, "quantity": 8}])
    assert found("overrides", kept) == []


def test_a_promise_for_a_closed_week_is_a_contradiction_that_is_told() -> None:
    promised = made(
        *rows("closed", 1),
        suppliers=[{"maximum_change": 0.5}],
        last_plan=[{"order_period": 1, "quantity": 5}],
    )
    (finding,) = found("plan_stability", promised)
    assert finding.rule == "promise that cannot be kept" and "takes orders then" in finding.message
