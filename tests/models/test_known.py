"""What a later part does to purity, though nobody has thought of it."""

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.known import judged
from models.ledger import Ledger
from models.part import Part
from models.parts import parts, plain
from tests.models.solved import instance

MADE = instance(
    suppliers=[{"order_cost": 5}],
    sourcing=[{"unit_cost": 2, "lead_time": 1}],
    demand=[{"due": 2, "quantity": 10}],
)


class _Budget(Part):
    """A rule over an index set that is known."""

    def constrain(self, m: Any, ledger: Ledger) -> None:
        m.budget = pyo.Constraint(m.orders, rule=lambda m, i, s, l, o: ledger.total("ordered", m, i, s, l, o) <= 9)


class _Whole(Part):
    """A rule without an index: nothing tells what it says where there is no order."""

    def constrain(self, m: Any, ledger: Ledger) -> None:
        m.whole = pyo.Constraint(rule=lambda m: sum(m.order[k] for k in m.orders) <= 9)


class _Rate(Part):
    """Money for what is known."""

    rate = 1.0

    def derive(self, instance: Instance, book: Book) -> None:
        book.parameter("fee", "orders", np.full(len(book.indexes["orders"]), self.rate))

    def declare(self, m: Any, ledger: Ledger) -> None:
        ledger.cost("purchase", m.fee, m.order)


class _Rebate(_Rate):
    """Money back."""

    rate = -1.0


class _Variable(Part):
    """A variable in an index set that is known."""

    def declare(self, m: Any, ledger: Ledger) -> None:
        m.early = pyo.Var(m.lines)


class _Gift(Part):
    """Receipts from nowhere, without a variable."""

    posts = ("receipts",)

    def declare(self, m: Any, ledger: Ledger) -> None:
        ledger.post("receipts", lambda m, i, l, t: 1)


class _Transfers(Part):
    """Receipts by figures of its own."""

    posts = ("receipts",)
    found = 0

    def derive(self, instance: Instance, book: Book) -> None:
        few = np.arange(self.found)
        book.index("transfers", item=few, location=few, period=few)

    def declare(self, m: Any, ledger: Ledger) -> None:
        m.transfer = pyo.Var(m.transfers, domain=pyo.NonNegativeReals)
        ledger.post("receipts", lambda m, i, l, t: 0)


class _SomeTransfers(_Transfers):
    """With a row."""

    found = 1


@pytest.mark.parametrize(
    ("later", "pure", "relaxes"),
    [
        (None, True, True),
        (_Budget(), False, True),
        (_Whole(), False, False),
        (_Rate(), False, True),
        (_Rebate(), False, False),
        (_Variable(), False, True),
        (_Gift(), False, False),
        (_Transfers(), True, True),
        (_SomeTransfers(), False, False),
    ],
)
def test_a_later_part_is_unknown_where_it_has_rows(later: Part | None, pure: bool, relaxes: bool) -> None:
    chosen = [*plain()] if later is None else [*plain(), later]
    found = judged(MADE, derive(MADE, chosen), chosen)
    assert (found.pure, found.relaxes) == (pure, relaxes)


def test_what_only_strengthens_makes_no_difference() -> None:
    found = judged(MADE, derive(MADE, parts()))
    assert (found.pure, found.relaxes) == (True, True)
