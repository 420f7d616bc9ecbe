"""Target: the factor that reaches a fill rate is bracketed, where it is known by hand."""

import pytest

from models.book import Book
from optimizer.read import Input, read
from optimizer.tune.answer import tuned_target
from optimizer.tune.refused import TuneRefused
from optimizer.tune.service import penalties, service
from optimizer.tune.target import NARROW, Sought, Target, wanted
from optimizer.tune.trials import Trials
from tests.results.frames import frames
from tests.tune.breaking_even import BREAK_EVEN, instance, run, tables


def book_of(source: Input) -> Book:
    own = Trials(source, [], run())
    return own.whole(own.own)[1].book


def sought(source: Input, *texts: str) -> Sought:
    book = book_of(source)
    targets = [Target(service(source, book, name), share) for name, share in map(wanted, texts)]
    trials = Trials(source, [penalties(source, target.service) for target in targets], run())
    found = Sought(trials, targets)
    found.run()
    return found


def two_items() -> Input:
    """The item that breaks even at 5 per unit, and one whose order costs 62 and not 30: at 8.2; a shortage costs 4."""
    return instance(
        items={
            "item": ["A", "B"], "class": ["fast", "slow"], "holding_cost": ["1", "1"], "backorder_cost": ["3", "3"],
            "shortage_cost": ["4", "4"], "ending_value": ["0", "0"],
        },
        sourcing={
            "item": ["A", "B"], "supplier": ["S", "S"], "unit_cost": ["2", "2"], "lead_time": ["0", "0"],
            "order_cost": ["30", "62"],
        },
        inventory={"item": ["A", "B"], "location": ["main", "main"]},
        demand={
            "item": ["A", "B"], "customer": ["C", "D"], "due": ["2026-11-23"] * 2, "quantity": ["10", "10"],
        },
    )  # fmt: skip


def test_the_factor_brackets_where_it_breaks_even() -> None:
    found = sought(instance(), "fill_rate=0.97")
    (answer,) = found.reached
    assert answer.reached
    assert answer.below <= BREAK_EVEN <= answer.factor <= NARROW * answer.below
    assert answer.rate == 1.0
    assert answer.against == []
    assert found.last is not None
    assert found.last.priced.factors == (answer.factor,)
    result = tuned_target(found)
    assert result.plan is not None
    assert result.plan.fill_rate == 1.0
    assert result.suggested["items"]["shortage_cost"].tolist() == [f"{4 * answer.factor:.9g}"]
    assert "is reached, 100.0%" in result.sentences[0]
    assert f"× {answer.below:.4g} misses it" in result.sentences[0]
    assert result.points["knee"].sum() == 1
    # Not ordering at 1, ordering at 4; the lines cross at 1.25, and both are best there: the rest is known.
    assert [point for point in answer.tried if 1.2 < point[0] < 1.3] == [(1.25, 0.0), (1.2625, 1.0)]
    assert found.trials.solves == 3


def test_what_is_reached_already_is_sought_below() -> None:
    # At 8 per unit the plan delivers; it does down to 5, which is 0.625 of it.
    items = {**tables()["items"], "shortage_cost": ["8"]}
    (answer,) = sought(instance(items=items), "fill_rate=0.97").reached
    assert answer.below <= 0.625 <= answer.factor


def test_targets_of_several_groups_have_factors_of_their_own() -> None:
    found = sought(two_items(), "fill_rate[item_class=fast]=0.9", "fill_rate[class=slow]=0.9")
    fast, slow = found.reached
    assert fast.below <= 1.25 <= fast.factor  # 5 / 4
    assert slow.below <= 2.05 <= slow.factor  # 8.2 / 4
    result = tuned_target(found)
    assert result.plan is not None
    assert result.plan.fill_rate == 1.0


def test_a_group_of_customers_is_moved_by_its_weight() -> None:
    found = sought(two_items(), "fill_rate[customer=D]=1")
    (answer,) = found.reached
    assert answer.below <= 2.05 <= answer.factor
    suggested = tuned_target(found).suggested["customers"]
    assert suggested["customer"].tolist() == ["C", "D"]
    assert suggested["weight"].tolist() == ["", f"{answer.factor:.9g}"]


def test_lines_of_an_item_and_a_customer_are_moved_themselves() -> None:
    source = two_items()
    book = book_of(source)
    group = penalties(source, service(source, book, "fill_rate[item=A,customer=C]"))
    assert [(one.table, one.column, one.rows.tolist(), one.numbers.tolist()) for one in group.cells] == [
        ("demand", "shortage_cost", [0], [4.0])
    ]


def test_on_time_moves_waiting_and_shortage_in_proportion() -> None:
    source = two_items()
    book = book_of(source)
    group = penalties(source, service(source, book, "fill_rate_on_time"))
    assert [(one.table, one.column) for one in group.cells] == [("items", "backorder_cost"), ("items", "shortage_cost")]


def test_what_no_penalty_can_reach_is_said() -> None:
    # A lead time of one week: what is due at once can never be on time.
    sourcing = {**tables()["sourcing"], "lead_time": ["1"]}
    found = sought(instance(sourcing=sourcing), "fill_rate_on_time=0.5")
    assert not found.reached[0].reached
    assert "is not reached: 0.00% is the most" in tuned_target(found).sentences[0]


@pytest.mark.parametrize("text", ["fill_rate", "fill_rate=0", "fill_rate=1.5", "fill_rate=97%", "=0.9"])
def test_a_target_that_is_none(text: str) -> None:
    with pytest.raises(TuneRefused, match="--target"):
        wanted(text)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fill", "one of fill_rate"),
        ("fill_rate[buyer=X]", "a group is named by"),
        ("fill_rate[A]", "a group is named by"),
        ("fill_rate[item=Z]", "no demand line"),
        ("fill_rate[item=", "'"),
    ],
)
def test_a_group_that_is_none(name: str, message: str) -> None:
    source = instance()
    with pytest.raises(TuneRefused, match=message):
        service(source, book_of(source), name)


def test_penalties_that_are_nothing() -> None:
    items = {**tables()["items"], "shortage_cost": ["0"]}
    source = read(frames({**tables(), "items": items}), settings={"start": "2026-11-23", "periods": 2})
    wanted_rate = service(source, book_of(source), "fill_rate")
    with pytest.raises(TuneRefused, match="all 0"):
        penalties(source, wanted_rate)
