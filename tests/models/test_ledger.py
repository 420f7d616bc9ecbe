"""The ledger: accounts are sums of rules, and nothing that is posted is lost."""

from typing import Any

import pyomo.environ as pyo
import pytest

from models.assemble import build, derive
from models.book import Book
from models.instance import Instance
from models.ledger import BuildError, Ledger
from models.part import Part
from models.parts import plain
from models.parts.balance import Balance
from tests.models.solved import BY_NAME, instance, solved


def test_an_account_is_the_sum_of_its_rules() -> None:
    ledger = Ledger()
    ledger.post("receipts", lambda m, i, t: 10 * i)
    ledger.post("receipts", lambda m, i, t: t)
    assert ledger.total("receipts", None, 4, 2) == 42
    assert ledger.total("nothing", None, 4, 2) == 0


def test_what_is_offered_is_totalled_beside_what_is_posted() -> None:
    ledger = Ledger()
    ledger.offer("on_hand", lambda m, i: i)
    assert ledger.total("on_hand", None, 7) == 7
    ledger.post("on_hand", lambda m, i: 100)
    assert ledger.total("on_hand", None, 7) == 107


def test_a_rule_that_nobody_totals_fails_the_build() -> None:
    ledger = Ledger()
    ledger.post("returns", lambda m: 1)
    ledger.post("receipts", lambda m: 1)
    ledger.post("scrap", lambda m: 1)
    ledger.total("receipts", None)
    with pytest.raises(BuildError, match=r"^rules are posted to returns, scrap, but no part totals it$"):
        ledger.close()


def test_what_is_offered_need_not_be_read() -> None:
    ledger = Ledger()
    ledger.offer("on_hand", lambda m: 1)
    ledger.close()


def test_an_account_counts_as_totalled_by_its_owner_though_nothing_is_indexed() -> None:
    ledger = Ledger()
    ledger.post("receipts", lambda m, t: 5 * t)
    receipts = ledger.totals("receipts")
    ledger.close()
    assert receipts(None, 3) == 15
    # So an instance in which nothing is stocked can be built: ten short at 100.
    assert solved(instance(demand=[{"due": 0, "quantity": 10}])).objective == pytest.approx(1000)


def test_money_is_a_rate_on_a_variable_over_the_rates_index() -> None:
    m, ledger = pyo.ConcreteModel(), Ledger()
    m.x = pyo.Var([1, 2, 3], initialize=10)
    m.fee = pyo.Param([1, 3], initialize={1: 0.5, 3: -2})
    m.price = pyo.Param([2], initialize={2: 4})
    ledger.cost("fees", m.fee, m.x)
    ledger.cost("goods", m.price, m.x)
    assert pyo.value(ledger.total_cost(m)) == pytest.approx(5 - 20 + 40)
    assert [charge.account for charge in ledger.charges] == ["fees", "goods"]


class Returns(Part):
    """Posts to an account that no part owns."""

    posts = ("returns",)

    def declare(self, m: Any, ledger: Ledger) -> None:
        ledger.post("returns", lambda m, i, l, t: 1)


class Forgetful(Balance):
    """Stock that forgets to total what arrives and leaves."""

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Nothing."""


def test_a_part_whose_account_nobody_totals_is_not_built() -> None:
    made = instance(inventory=[{}], demand=[{"due": 0, "quantity": 1}])
    cases: list[tuple[tuple[Part, ...], str]] = [
        ((Forgetful(), BY_NAME["fulfilment"]), "issues"),
        ((*plain(), Returns()), "returns"),
    ]
    for chosen, account in cases:
        with pytest.raises(BuildError, match=f"^rules are posted to {account}, but"):
            build(made, derive(made, chosen), chosen)


class Gift(Part):
    """A unit of every stock from nowhere in period 1: what a new part posts arrives, with nothing else edited."""

    posts = ("receipts",)

    def derive(self, instance: Instance, book: Book) -> None:
        stocks = book.indexes["stock_periods"]
        first = stocks["period"] == 1
        columns = {name: stocks[name][first] for name in ("item", "location", "period")}
        book.relation("gifts", "stock_periods", tuple(columns.values()), given=columns["period"])

    def declare(self, m: Any, ledger: Ledger) -> None:
        ledger.post("receipts", lambda m, i, l, t: sum(1 for _ in m.gifts[i, l, t]))


def test_a_new_part_posts_and_is_totalled() -> None:
    made = instance(inventory=[{}], demand=[{"due": 1, "quantity": 3}])
    assert solved(made).objective == pytest.approx(300)
    assert solved(made, (*plain(), Gift())).objective == pytest.approx(200)
