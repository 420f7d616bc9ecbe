"""Fill rates: so much of what a customer, or a group of lines, asks for is delivered at all.

Decides     unfilled[i,c,k] >= 0       below target k, where that may be at a cost                            [unit]
Subject to  fill_rate          Σ_d unmet[d]                    <=  (1 - r_k) · Σ_d q_d       targets without a cost
            fill_rate_wanted   Σ_d unmet[d] - unfilled[i,c,k]  <=  (1 - r_k) · Σ_d q_d       targets with one
Costs       fill_rate  p_k · unfilled[i,c,k]

r `minimum_fill_rate` of table `customers`, over all lines d of the customer, or of table `fill_rates`, over the lines
of its customer, customers of its class, its item, items of its class (an empty cell fits all); p its `cost`, and q what
the planned lines ask for. Quantities of different items are added up as they are.

Source: the fill rate as a constraint: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply
Chains, ch. 6; by customer class: Kilger & Meyr (2015), Demand fulfilment and ATP, in Stadtler, Kilger & Meyr, ch. 9.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.demand import DemandLines, demand_lines
from models.entities import CUSTOMERS
from models.findings import Finding, fault, warning
from models.instance import Array, Codes, Instance, as_texts
from models.ledger import Ledger
from models.limits import Limit
from models.part import Part, Scope
from models.tables import Table, money, number, text

OWN = CUSTOMERS.with_columns(
    number(
        "minimum_fill_rate",
        "At least this share of the quantity that the customer asks for is delivered at all.",
        unit="share",
        default=None,
        maximum=1.0,
    )
)
TARGETS = Table(
    "fill_rates",
    "How much must be delivered of what is asked for: one row per group of demand lines.",
    key=(
        text("customer", "Lines of this customer.", refers="customers", default="", default_text="all"),
        text("customer_class", "Lines of customers of this class.", default="", default_text="all", example="retail"),
        text("item", "Lines for this item.", refers="items", default="", default_text="all"),
        text("item_class", "Lines for items of this class.", default="", default_text="all", example="A"),
    ),
    columns=(
        number(
            "minimum_fill_rate",
            "At least this share of the quantity is delivered at all.",
            unit="share",
            maximum=1.0,
            example="0.95",
        ),
        money("cost", "Cost of a unit below it.", per="unit", default=None, default_text="none: it must be reached"),
    ),
    optional=True,
)


class FillRates(Part):
    """Minimum fill rates, hard or at a cost."""

    scope = Scope.SHARED
    needs = (OWN, TARGETS)
    uses = ("unmet",)
    hard = ("fill_rate",)
    limits = (
        Limit("customers", "minimum_fill_rate", "a fill rate of {}"),
        Limit("fill_rates", "minimum_fill_rate", "a fill rate of {}", whole_row=True, unless="cost"),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Targets that are about nothing."""
        for target in _targets(instance, demand_lines(instance)) if _any(instance) else ():
            if not len(target.lines):
                yield warning(
                    "target without demand",
                    "no demand line of this plan is among those that the fill rate is for",
                    table=target.table,
                    row=target.row,
                    column="minimum_fill_rate",
                    value=target.rate,
                )

    def derive(self, instance: Instance, book: Book) -> None:
        """Targets with their lines, and what these may lack."""
        (lines,) = book.posted("demand lines")
        targets = [target for target in _targets(instance, lines) if len(target.lines)]
        index = book.index(
            "fill_targets",
            item=_codes([target.item for target in targets]),
            customer=_codes([target.customer for target in targets]),
            target=np.arange(len(targets)),
        )
        lacking = [(1 - target.rate) * float(lines.quantity[target.lines].sum()) for target in targets]
        book.parameter("may_lack", "fill_targets", np.array(lacking))
        of = np.repeat(np.arange(len(targets)), [len(target.lines) for target in targets])
        book.relation(
            "target_lines",
            "fill_targets",
            tuple(index[name][of] for name in index.dimensions),
            line=lines.row[np.concatenate([_codes([]), *(target.lines for target in targets)])],
        )
        cost = np.array([target.cost for target in targets], dtype=np.float64)
        book.subset("hard_targets", "fill_targets", np.isnan(cost))
        book.subset("wanted_targets", "fill_targets", ~np.isnan(cost))
        book.parameter("unfilled_cost", "wanted_targets", cost[~np.isnan(cost)])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is below a target that may be missed."""
        m.unfilled = pyo.Var(m.wanted_targets, domain=pyo.NonNegativeReals)
        ledger.cost("fill_rate", m.unfilled_cost, m.unfilled)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """No more falls short than may."""
        m.fill_rate = pyo.Constraint(
            m.hard_targets,
            rule=lambda m, i, c, k: (
                sum(ledger.total("unmet", m, d) for d in m.target_lines[i, c, k]) <= m.may_lack[i, c, k]
            ),
        )
        m.fill_rate_wanted = pyo.Constraint(
            m.wanted_targets,
            rule=lambda m, i, c, k: (
                sum(ledger.total("unmet", m, d) for d in m.target_lines[i, c, k]) - m.unfilled[i, c, k]
                <= m.may_lack[i, c, k]
            ),
        )

    def contradiction(self, instance: Instance, book: Book, rule: str, row: int, missing: float) -> Finding:
        """What would be possible, beside what is asked for."""
        (lines,) = book.posted("demand lines")
        target = [one for one in _targets(instance, lines) if len(one.lines) and np.isnan(one.cost)][row]
        asked = float(lines.quantity[target.lines].sum())
        return fault(
            "fill rate out of reach",
            f"{target.named(instance)}: {target.rate * asked:.10g} of {asked:.10g} must be delivered, and no more than "
            f"{max(round(target.rate * asked - missing, 9), 0.0):.10g} can be",
            table=target.table,
            row=target.row,
            column="minimum_fill_rate",
            value=target.rate,
        )

    def remarks(self, instance: Instance, book: Book, values: Values) -> Iterator[str]:
        """Targets that are missed."""
        (lines,) = book.posted("demand lines")
        targets = [target for target in _targets(instance, lines) if len(target.lines) and not np.isnan(target.cost)]
        for target, missing in zip(targets, values["unfilled"], strict=True):
            if missing > NOISE:
                asked = float(lines.quantity[target.lines].sum())
                yield (
                    f"a fill rate is missed: {target.named(instance)} {target.verb} "
                    f"{target.rate * asked - missing:.10g} of {asked:.10g}, {target.rate:.10g} of it was wanted"
                )


@dataclass(frozen=True)
class _Target:
    """A row that asks for a fill rate: where it stands, whom it is for, and the places of its lines."""

    table: str
    row: int
    customer: int
    item: int
    classes: tuple[str, str]  # of customers, of items
    rate: float
    cost: float
    lines: Codes

    @property
    def verb(self) -> str:
        return "gets" if self.customer >= 0 else "get"

    def named(self, instance: Instance) -> str:
        """Who, in the planner's words."""
        of_customers, of_items = self.classes
        who = [
            str(instance.labels["customer"][self.customer]) if self.customer >= 0 else "customers",
            f"of class {of_customers}" if of_customers else "",
            f"for {instance.labels['item'][self.item]}" if self.item >= 0 else "",
            f"for items of class {of_items}" if of_items else "",
        ]
        return " ".join(word for word in who if word)


def _any(instance: Instance) -> bool:
    return bool(len(instance["fill_rates"]) or (~np.isnan(instance["customers"]["minimum_fill_rate"])).any())


def _targets(instance: Instance, lines: DemandLines) -> list[_Target]:
    """Targets of customers, then those of table `fill_rates`, with the planned lines that each is for."""
    if not _any(instance):
        return []
    rows, own = instance["fill_rates"], instance["customers"]["minimum_fill_rate"]
    targets = [
        _Target("customers", int(k), int(k), -1, ("", ""), float(own[k]), np.nan, np.flatnonzero(lines.customer == k))
        for k in np.flatnonzero(~np.isnan(own))
    ]
    classes = {name: _classes(instance, name) for name in ("customer", "item")}
    named = {name: instance.codes("fill_rates", name) for name in ("customer", "item")}
    for k in range(len(rows)):
        fits = np.ones(len(lines.row), dtype=np.bool_)
        for name in ("customer", "item"):
            of, wanted = getattr(lines, name), rows[f"{name}_class"][k]
            if named[name][k] >= 0:
                fits &= of == named[name][k]
            if wanted:
                fits &= classes[name][of] == wanted
        wanted_classes = rows["customer_class"][k], rows["item_class"][k]
        rate, cost = float(rows["minimum_fill_rate"][k]), float(rows["cost"][k])
        which = int(named["customer"][k]), int(named["item"][k])
        targets.append(_Target("fill_rates", k, *which, wanted_classes, rate, cost, np.flatnonzero(fits)))
    return targets


def _classes(instance: Instance, name: str) -> Array:
    """Class of each customer or item by code; nothing where there is no table."""
    rows = instance[f"{name}s"]
    return rows["class"] if len(rows) else as_texts([""] * len(instance.labels[name]))


def _codes(values: list[int]) -> Codes:
    return np.array(values, dtype=np.int64)
