"""Explain: why a plan is what it is, what else could be done, and what that would cost.

    from optimizer import explain

    questions = explain.opened("my-plan")
    questions.order("WIDGET-1,ACME,2026-11-30").next_best
    questions.line("WIDGET-1,SHOP-1,2026-12-09", by="2026-12-09").promise

Every answer is of the published plan, with everything else as planned, and says what was free to move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from optimizer.explain.flip import Flip, flipped
from optimizer.explain.item import ItemExplained, explained_item
from optimizer.explain.line import LineExplained, explained_line
from optimizer.explain.near import WITHIN, NearlyAsGood, nearly_as_good
from optimizer.explain.order import OrderExplained, explained_order
from optimizer.explain.relaxed import RuleCost, rule_costs
from optimizer.explain.standing import Standing, stood
from optimizer.explain.supplier import SupplierExplained, explained_supplier
from optimizer.explain.unexplained import Unexplained
from optimizer.explain.values import Sooner, Worth, lead_times, values
from optimizer.read.published import published

__all__ = ["Questions", "Unexplained", "opened"]


@dataclass(frozen=True)
class Questions:
    """What can be asked of a plan; `seconds` is what an answer may take at most."""

    standing: Standing
    seconds: float = 20.0

    @property
    def notes(self) -> list[str]:
        """What is to be known first: whether the instance has changed since."""
        return self.standing.notes

    def order(self, order: str, instead: Sequence[str] = ()) -> OrderExplained:
        """An order `ITEM,SUPPLIER[,LOCATION],PERIOD`, and alternatives: `none`, `supplier=…`, `period=…`, `quantity=…`.

        Raises:
            Unexplained: there is no such order or alternative.
        """
        return explained_order(self.standing, order, instead, self.seconds)

    def line(self, line: str, by: str | None = None) -> LineExplained:
        """A demand line `ITEM,CUSTOMER,DUE[,KIND[,LOCATION[,REFERENCE]]]`, and the price of all of it by a day.

        Raises:
            Unexplained: there is no such line or period.
        """
        return explained_line(self.standing, line, by, self.seconds)

    def item(self, item: str) -> ItemExplained:
        """An item.

        Raises:
            Unexplained: there is no such item.
        """
        return explained_item(self.standing, item, self.seconds)

    def near(self, item: str, within: float = WITHIN, last: Path | str | None = None) -> Sequence[NearlyAsGood]:
        """Clearly different plans of an item, no dearer than by a share of what it costs; `last`: an earlier plan.

        Raises:
            NoEarlierPlan: the folder is no plan.
            Unexplained: there is no such item.
        """
        before = None if last is None else published(last).tables["purchase_orders"]
        return nearly_as_good(self.standing, item, within, before, self.seconds)

    def supplier(self, supplier: str) -> SupplierExplained:
        """A supplier.

        Raises:
            Unexplained: there is no such supplier.
        """
        return explained_supplier(self.standing, supplier)

    def flip(self, order: str) -> Flip:
        """The smallest change of demand or lead time with which an order would no longer be placed.

        Raises:
            Unexplained: there is no such order, or it is not placed.
        """
        return flipped(self.standing, order, self.seconds)

    def values(self, item: str | None = None, supplier: str | None = None) -> Sequence[Worth]:
        """What a unit more of stock, capacity, budget, room would save; of all, an item, or a supplier.

        Raises:
            Unexplained: there is no such item or supplier.
        """
        return values(self.standing, item, supplier, self.seconds)

    def lead_times(self, item: str) -> Sequence[Sooner]:
        """What a period less of lead time would save, by supplier of an item.

        Raises:
            Unexplained: there is no such item.
        """
        return lead_times(self.standing, item, self.seconds)

    def rules(self, supplier: str | None = None) -> Sequence[RuleCost]:
        """What each rule of each supplier costs, or of one.

        Raises:
            Unexplained: there is no such supplier.
        """
        return rule_costs(self.standing, supplier, self.seconds)


def opened(plan: Path | str, instance: Path | str | None = None, seconds: float = 20.0) -> Questions:
    """A published plan, ready to be asked.

    Args:
        plan: its folder.
        instance: where its instance is; default: where it was.
        seconds: that an answer may take.

    Raises:
        NoEarlierPlan: the folder is no plan, or its instance is not there.
        InputFaults: the instance has faults by now.
        Unexplained: the plan breaks rules of the instance as it is now.
    """
    return Questions(stood(plan, instance), seconds)
