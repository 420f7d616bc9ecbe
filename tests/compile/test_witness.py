"""Witness: a rule that cannot be read for all rows at once is left to Pyomo, and the log says which and why."""

import builtins
import gc
import logging
import sys
from typing import Any, ClassVar

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.core.expr.template_expr import IndexTemplate

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.ledger import Ledger
from models.part import Part
from optimizer.compile import compile_book
from optimizer.compile.witness import formulation
from optimizer.compile.words import NotUnderstood
from tests.compile.same import MadeUp, assert_same, both, made_up, three_items
from tests.models.solved import instance

NOBODY = np.zeros(0, dtype=np.int64)
LIMITS = {"nut": 1.0, "rod": 2.0, "cap": 3.0}


def fill(book: Book) -> None:
    book.index("cells", item=np.array([0, 0, 1, 2]), period=np.array([0, 1, 1, 2]))
    book.index("periods", period=np.array([0, 1, 2]))
    book.index("deals", supplier=np.array([0, 1]), item=np.array([1, 0]))
    book.parameter("size", "cells", np.array([1.0, 2.0, 0.0, 4.0]))
    book.relation("followers", "cells", (np.array([0, 2]), np.array([0, 2])), period=np.array([1, 2]))


def declare(m: Any) -> None:
    m.x = pyo.Var(m.cells, domain=pyo.NonNegativeReals)
    m.y = pyo.Var(m.periods, domain=pyo.NonNegativeReals)


def earliest(m: Any, i: Any, t: Any) -> Any:
    """A helper that branches, called by a rule that does not."""
    return m.y[t] if isinstance(t, int) else m.size[i, t]


class Names:
    """What a rule may ask."""

    best = "nut"


BAD: dict[str, tuple[Any, str]] = {
    # Pyomo takes these for other rules, in silence.
    "number of elements": (lambda m, i, t: m.x[i, t] <= len(m.periods), "size of the data"),
    "last element": (lambda m, i, t: m.x[i, t] <= m.periods.last(), "size of the data"),
    "element of the last": (lambda m, i, t: m.x[i, t] <= m.y[m.periods.last()], "it holds"),
    "count of elements": (lambda m, i, t: m.x[i, t] <= 2 * m.periods.at(-1) + 1, "size of the data"),
    "largest of a parameter": (lambda m, i, t: m.x[i, t] <= max(m.size.values()), "rule bad"),
    "an id": (lambda m, i, t: m.x[i, t] <= (1 if i == "nut" else 2), "compares a letter|branches"),
    "another id": (lambda m, i, t: m.x[i, t] <= (1 if i != Names.best else 2), "compares a letter|branches"),
    "an id as a number": (lambda m, i, t: m.x[i, t] <= (i == "nut") * 5 + 1, "compares a letter"),
    "left out by id": (
        lambda m, i, t: pyo.Constraint.Skip if i == "nut" else m.x[i, t] <= 1, "compares a letter|branches",
    ),
    "kind of a letter": (lambda m, i, t: m.x[i, t] <= (1 if isinstance(t, int) else 2), "branches"),
    "branch in a helper": (lambda m, i, t: m.x[i, t] <= earliest(m, i, t) + 1, "branches"),
    "and": (lambda m, i, t: m.x[i, t] <= (isinstance(t, int) and 3) + 1, "branches"),
    # These it refuses.
    "if on a number": (lambda m, i, t: m.x[i, t] <= (1 if t > 0 else 2), "rule bad"),
    "if on a parameter": (lambda m, i, t: m.x[i, t] <= (1 if m.size[i, t] else 2), "rule bad"),
    "value": (lambda m, i, t: m.x[i, t] <= pyo.value(m.size[i, t]), "rule bad"),
    "dictionary": (lambda m, i, t: m.x[i, t] <= LIMITS[i], "rule bad"),
    "membership": (lambda m, i, t: m.x[i, t] <= (1 if (i, t) in m.followers else 2), "rule bad"),
    "list": (lambda m, i, t: sum([m.y[k] for k in m.followers[i, t]]) + m.x[i, t] <= 1, "rule bad"),
    "filter": (lambda m, i, t: sum(m.y[k] for k in m.followers[i, t] if k > 0) + m.x[i, t] <= 1, "rule bad"),
    "count": (lambda m, i, t: m.x[i, t] <= len(m.followers[i, t]), "rule bad"),
    # These it can say, and we cannot.
    "power": (lambda m, i, t: m.x[i, t] <= m.size[i, t] ** 2, "it holds"),
    "root": (lambda m, i, t: m.x[i, t] <= pyo.sqrt(m.size[i, t]), "it holds"),
    "pairs": (
        lambda m, i, t: m.x[i, t] <= sum(a * b for a, b in zip(m.size.values(), m.x.values(), strict=True)), "rule bad",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_rule_that_cannot_be_read_is_left_to_pyomo(name: str, caplog: pytest.LogCaptureFixture) -> None:
    rule, why = BAD[name]

    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.good = pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[i, t] <= m.y[t])
        m.bad = pyo.Constraint(m.cells, rule=rule)

    made, part = three_items(), MadeUp(fill, say)
    with pytest.raises(NotUnderstood, match=f"rule bad: .*({why})|({why})"):
        formulation(derive(made, [part]), frozenset(made.labels), [part])
    with caplog.at_level(logging.WARNING, "optimizer.compile"):
        both(made, [part])
    (record,) = caplog.records
    assert "rule bad" in record.getMessage()


def test_a_rule_is_read_when_it_first_has_rows() -> None:
    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.good = pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[i, t] <= m.y[t])
        m.bad = pyo.Constraint(m.deals, rule=lambda m, s, i: m.y[0] <= LIMITS[i])

    def without_deals(book: Book) -> None:
        fill(book)
        del book.indexes["deals"]
        book.index("deals", supplier=NOBODY, item=NOBODY)

    made, bare = three_items(), MadeUp(without_deals, say)
    labels = frozenset(made.labels)
    good, bad = formulation(derive(made, [bare]), labels, [bare]).rules
    assert (good.name, bad.name, bad.index, bad.sides) == ("good", "bad", "deals", ())
    part = MadeUp(fill, say)
    with pytest.raises(NotUnderstood, match="rule bad"):
        formulation(derive(made, [part]), labels, [part])
    assert not both(made, [bare]).rows["bad"].size


def test_pyomo_is_left_as_it_was() -> None:
    before = builtins.sum, pyo.Constraint.construct, pyo.Objective.construct, IndexTemplate.__eq__, sys.getprofile()
    for name in ("an id", "if on a number", "list"):
        rule = BAD[name][0]

        def say(m: Any, ledger: Ledger, rule: Any = rule) -> None:
            declare(m)
            m.bad = pyo.Constraint(m.cells, rule=rule)

        made, part = three_items(), MadeUp(fill, say)
        with pytest.raises(NotUnderstood):
            formulation(derive(made, [part]), frozenset(made.labels), [part])
    after = builtins.sum, pyo.Constraint.construct, pyo.Objective.construct, IndexTemplate.__eq__, sys.getprofile()
    assert after == before


WRONG_WORDS: dict[str, tuple[Any, str]] = {
    "an item for a supplier": (
        lambda m: pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[i, t] <= m.z[i, i]), "stands where",
    ),
    "a period for an item": (
        lambda m: pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[t, t] <= 1), "stands where",
    ),
    "counting with items": (lambda m: pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[i, t] <= i), "counts with"),
    "an item by its name": (
        lambda m: pyo.Constraint(m.periods, rule=lambda m, t: m.x["nut", t] <= 1), "stands where the id",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_codes_of_one_kind_are_not_taken_for_another(name: str) -> None:
    rule, why = WRONG_WORDS[name]

    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.z = pyo.Var(m.deals)
        m.bad = rule(m)

    made, part = three_items(), MadeUp(fill, say)
    with pytest.raises(NotUnderstood, match=f"rule bad: .*{why}"):
        formulation(derive(made, [part]), frozenset(made.labels), [part])


def fixed(m: Any) -> None:
    m.x.fix(3)


def limited(m: Any) -> None:
    for key in m.x:
        m.x[key].setub(key[1] + 1)


def of_many_kinds(m: Any) -> None:
    m.z = pyo.Var(m.cells, domain=lambda m, i, t: pyo.Binary if t else pyo.NonNegativeReals)


def branching_limits(m: Any) -> None:
    m.z = pyo.Var(m.cells, bounds=lambda m, i, t: (0, 1 if i == "nut" else 2))


def an_expression(m: Any) -> None:
    m.e = pyo.Expression(m.cells, rule=lambda m, i, t: 2 * m.x[i, t])


def a_special_set(m: Any) -> None:
    m.z = pyo.Var(m.periods)
    m.s = pyo.SOSConstraint(var=m.z, sos=1)


def by_size(m: Any) -> None:
    for t in m.periods:
        m.add_component(f"rule_{t}", pyo.Constraint(expr=m.y[t] <= 1))


def an_own_set(m: Any) -> None:
    m.own = pyo.Set(initialize=[0, 1])
    m.bad = pyo.Constraint(m.own, rule=lambda m, t: m.y[t] <= 1)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (fixed, "fixed or limited"), (limited, "fixed or limited"), (of_many_kinds, "domain"),
        (branching_limits, "variable z: .*(branches|compares)"), (an_expression, "is a Expression"),
        (a_special_set, "SOSConstraint"), (by_size, "size of the data|rule rule_"), (an_own_set, "not in the book"),
    ],
)  # fmt: skip
def test_what_parts_do_besides_rules_is_not_overlooked(more: Any, why: str) -> None:
    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        more(m)

    made, part = three_items(), MadeUp(fill, say)
    with pytest.raises(NotUnderstood, match=why):
        formulation(derive(made, [part]), frozenset(made.labels), [part])


def test_a_member_that_is_there_twice_is_left_to_pyomo(caplog: pytest.LogCaptureFixture) -> None:
    def twice(book: Book) -> None:
        fill(book)
        book.relation("again", "cells", (np.array([0, 0, 0]), np.array([0, 0, 0])), period=np.array([1, 0, 1]))

    def say(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.rule = pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[i, t] <= sum(m.y[k] for k in m.again[i, t]) + 1)

    with caplog.at_level(logging.WARNING, "optimizer.compile"):
        made_up(twice, say)
    assert "relation again has a member twice" in caplog.text


class Counted(Part):
    """A part whose rule counts how often it is called."""

    calls: ClassVar[list[int]] = []

    def derive(self, instance: Instance, book: Book) -> None:
        fill(book)

    def declare(self, m: Any, ledger: Ledger) -> None:
        declare(m)
        m.rule = pyo.Constraint(m.cells, rule=self.rule)

    def rule(self, m: Any, i: Any, t: Any) -> Any:
        self.calls.append(1)
        return m.x[i, t] <= m.y[t]


def test_rules_are_read_once() -> None:
    made, part = three_items(), Counted()
    book = derive(made, [part])
    first = compile_book(made, book, [part])
    assert len(part.calls) == 2  # over two witnesses
    assert_same(first, compile_book(made, book, [part]))
    assert len(part.calls) == 2


class Remembering(Part):
    """A part whose rule holds what it saw in the data."""

    def derive(self, instance: Instance, book: Book) -> None:
        fill(book)
        self.horizon = instance.calendar.periods

    def declare(self, m: Any, ledger: Ledger) -> None:
        declare(m)
        m.rule = pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[i, t] <= self.horizon)


def test_what_a_part_remembers_of_the_data_is_read_anew() -> None:
    part = Remembering()
    for periods in (3, 4):
        items = [{"item": name, "price": 1} for name in ("nut", "rod", "cap")]
        made = instance(periods=periods, items=items, suppliers=[{"supplier": "S"}, {"supplier": "Z"}])
        assert both(made, [part]).program.row_upper.tolist() == [periods] * 4


def test_what_garbage_collection_calls_back_is_no_part_of_a_rule(caplog: pytest.LogCaptureFixture) -> None:
    def branches(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            info.clear()

    def said(m: Any, ledger: Ledger) -> None:
        declare(m)
        m.small = pyo.Constraint(m.cells, rule=lambda m, i, t: m.x[i, t] <= m.size[i, t])

    threshold = gc.get_threshold()
    gc.callbacks.append(branches)
    gc.set_threshold(1)  # at once, wherever it may
    try:
        with caplog.at_level(logging.WARNING, "optimizer.compile"):
            made_up(fill, said)
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(branches)
    assert caplog.get_records("call") == []
