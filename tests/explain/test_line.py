"""A demand line explained: what covers it, the price of a promise, and what it saves to let it wait."""

import pytest

from optimizer import explain


def test_a_promise_has_its_price_and_its_victims(capacity: explain.Questions) -> None:
    answer = capacity.line("cog,shop,2026-11-30")
    assert answer.deliveries == [("2026-12-07", 10.0)]
    assert [(peg.receipt.names, float(peg.quantity)) for peg in answer.covered_by] == [
        (("near", "main", "2026-11-30"), 10.0)
    ]
    promise = answer.promise
    assert promise is not None
    assert promise.possible
    assert promise.price.difference is not None
    assert promise.price.difference.cost == pytest.approx(20.0)  # vip waits a week, 50, and shop does not, 30
    assert promise.price.difference.by_account == pytest.approx({"backorder": 20.0})
    assert {line.line: line.last_after for line in promise.price.lines} == {
        "cog,shop,2026-11-30,order": "2026-11-30",
        "cog,vip,2026-11-30,order": "2026-12-07",
    }


def test_a_promise_that_cannot_be_kept_says_why(capacity: explain.Questions) -> None:
    answer = capacity.line("nut,shop,2026-11-23", by="2026-11-25")
    assert answer.promise is not None
    assert not answer.promise.possible
    assert answer.promise.most == pytest.approx(3.0)
    assert answer.promise.why[0] == "a new order arrives in the week of 2026-11-30 at the earliest"


def test_a_promise_that_capacity_forbids_names_it(capacity: explain.Questions) -> None:
    point = capacity.standing.point
    assert point.named(int(point.compiled.rows["supplier_capacity"][0])).words == (
        "supplier capacity of near in 2026-11-23"
    )
    answer = capacity.supplier("near")
    # One more in w0 arrives in time for shop: 3 saved.
    assert answer.rules is not None
    (found,) = answer.rules
    assert (found.named.words, found.limit, found.saves) == ("supplier capacity of near in 2026-11-23", 10.0, 3.0)
    assert [(order.period, order.lines, order.value) for order in answer.orders] == [
        ("2026-11-23", [("cog", 10.0)], 100.0),
        ("2026-11-30", [("cog", 10.0)], 100.0),
    ]


def test_what_waiting_saves(cogs: explain.Questions) -> None:
    answer = cogs.line("cog,shop,2026-12-07")
    assert answer.promise is None
    assert answer.wait is not None
    assert answer.wait.choice.difference is not None
    assert answer.wait.choice.difference.cost == pytest.approx(45.0)  # far in w0: 80 + 15 - 100, and a week late 50


def test_a_line_is_found_by_what_names_it(cogs: explain.Questions) -> None:
    with pytest.raises(explain.Unexplained, match="lines of cog: cog,shop,2026-12-07,order; cog,fair"):
        cogs.line("cog,shop,2026-12-21")


def test_an_item_is_the_whole_of_its_receipts(cogs: explain.Questions) -> None:
    answer = cogs.item("pin")
    assert [(str(peg.receipt.kind), peg.use.kind, float(peg.quantity)) for peg in answer.pegs] == [
        ("order", "delivery", 10),
        ("order", "ending stock", 2),
    ]
    assert answer.orders == [("pin,near,main,2026-11-30", 12.0)]
    assert (answer.improvement, answer.better, answer.proven) == (0.0, [], True)
