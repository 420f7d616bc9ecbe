"""Crossroads: which road is taken, and what is said of it."""

import pytest

from models.instance import Instance
from optimizer import crossroads
from optimizer.crossroads import chosen_road, program_of
from optimizer.decompose.ideas import VARIABLE
from optimizer.read import Input
from tests.compile.same import assert_same
from tests.models.solved import PLAIN, instance

DAYS = ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21")


def with_safety_stock(**item: object) -> Instance:
    """A rule that lots know nothing of, but riders do."""
    return instance(
        sourcing=[{"unit_cost": 2, "lead_time": 1}],
        inventory=[{"on_hand": 2, "safety_stock": 5, "safety_stock_cost": 3}],
        items=[PLAIN | {"item": "A"} | item],
        demand=[{"due": 1, "quantity": 10}],
    )


def test_few_items_are_decided_as_a_whole(twenty: Input) -> None:
    road = chosen_road("auto", twenty.instance)
    assert road.lots is None
    assert str(road) == "whole: 20 stocks are few; lot by lot begins at 30"
    assert road.form.strengthening


@pytest.mark.usefixtures("by_lots")
def test_lots_are_decided_one_by_one_without_strengthening(twenty: Input) -> None:
    for asked in ("auto", "plain"):
        road = chosen_road(asked, twenty.instance)
        assert road.lots is not None
        # In the family each of 12 suppliers has terms in every week; 25 of them are early enough to order in.
        assert str(road) == f"decomposed: 20 lots, {len(road.lots.gate_cost)} supplier-weeks"
        assert road.form.strengthening == []


@pytest.mark.usefixtures("by_lots")
def test_tight_means_the_whole(twenty: Input) -> None:
    road = chosen_road("tight", twenty.instance)
    assert str(road) == "whole: the tight formulation was asked for"


@pytest.mark.usefixtures("by_lots")
def test_what_neither_lots_nor_riders_hold_is_decided_as_a_whole() -> None:
    road = chosen_road("auto", with_safety_stock(quantity_step=2))
    assert str(road) == "whole: it has rules or costs that planning lot by lot does not know"


@pytest.mark.usefixtures("by_lots")
def test_riders_go_with_the_lots() -> None:
    road = chosen_road("auto", with_safety_stock())
    assert str(road) == "decomposed: 1 lots, 0 supplier-weeks, with safety stock"


@pytest.mark.usefixtures("by_lots")
def test_few_lots_with_riders_are_decided_as_a_whole_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossroads, "EXTENDED", 2)
    road = chosen_road("auto", with_safety_stock())
    assert str(road) == "whole: 1 lots with safety stock are few; lot by lot with such rules begins at 2"
    assert chosen_road("auto", with_safety_stock(), least=1).ridden is not None


def test_ideas_that_are_left_out_change_the_road_and_no_program(twenty: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = chosen_road("auto", twenty.instance, 1)
    monkeypatch.setenv(VARIABLE, "decomposition")
    assert str(chosen_road("auto", twenty.instance, 1)) == "whole: planning lot by lot was left out"
    monkeypatch.setenv(VARIABLE, "strengthening, decomposition")
    whole = chosen_road("auto", twenty.instance, 1)
    assert whole.form.strengthening == []
    assert whole.book is not None and usual.book is not None
    at_once = program_of(twenty.instance, whole)
    monkeypatch.setenv(VARIABLE, "compile at once")
    monkeypatch.setattr(crossroads, "compile_book", None)  # not called
    assert_same(at_once, program_of(twenty.instance, usual))


@pytest.mark.usefixtures("by_lots")
def test_pieces_that_lots_do_not_hold_are_decided_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossroads, "IN_PIECES", 0)
    road = chosen_road("auto", with_safety_stock(quantity_step=2))
    assert road.lots is None
    assert road.book is not None
