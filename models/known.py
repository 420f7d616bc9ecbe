"""Known: what of a model the plain lot-sizing problem (`models.lots`) holds, and what it does not.

Everything that the parts declare is looked at by name: rules, variables, charges. To learn the names, the model is
built over a book of the same shape without a row. What is not named here and has a row in this instance is unknown: a
part that is added later is, until somebody thinks about it.

    pure      nothing is unknown
    relaxes   leaving out the unknown leaves a problem whose optimum is not above the instance's. Rules may be left out,
              and costs that are not negative; variables too, because none is below 0 and none takes part in a rule that
              stays: parts meet in accounts alone, and nobody but the known parts posts or offers to one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.assemble import build
from models.book import Book
from models.instance import Instance
from models.ledger import Charge
from models.part import Part
from models.parts import plain

RULES = {
    "stock_opening", "stock_balance", "demand_met", "order_limit", "minimum_order", "whole_packs", "supplier_capacity",
    "joint_order", "minimum_order_value", "maximum_order_value",
    "segment_quantity", "segment_placed", "segment_minimum", "segment_maximum",
}  # fmt: skip
VARIABLES = {"on_hand", "deliver", "short", "order", "place", "packs", "open_order", "part", "within"}
CHARGES = {
    ("holding", "holding_cost", "on_hand"),
    ("ending_value", "ending_credit", "on_hand"),
    ("backorder", "waiting_cost", "deliver"),
    ("shortage", "shortage_cost", "short"),
    ("purchase", "unit_cost", "order"),
    ("purchase", "segment_rate", "part"),
    ("purchase", "segment_charge", "within"),
    ("ordering", "line_cost", "place"),
    ("ordering", "joint_order_cost", "open_order"),
}
# Lots hold overtime, but count it as unknown: it lets a gate take on more, at a cost.
HELD_BESIDES = {"overtime"}
# Not below 0, and in no rule that is named above.
APART = {"below_safety", "above_maximum", "order_steps", "deliver_steps"}
# Figures that change what is known without a row of their own.
ALTERING = ("lanes",)
POSTING = {"balance", "fulfilment", "sourcing", "open_orders", "price_breaks", "supplier_capacity", "supplier_terms"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the lots are the whole instance, and whether they relax it.

    `unknown`: names of rules that are not known and have a row, where that and what pays for it is all; None where more
    is unknown than rules and variables that stand apart.
    """

    pure: bool
    relaxes: bool
    unknown: frozenset[str] | None = None


def judged(instance: Instance, book: Book, parts: Sequence[Part] | None = None) -> Judgement:
    """What the lots of a book are to its instance.

    Args:
        instance: what is planned.
        book: what `derive` gave; what only strengthens makes no difference.
        parts: those of the plain formulation, by default.
    """
    chosen = plain() if parts is None else parts
    try:
        m, ledger = build(instance, _without_rows(book), chosen)
    except Exception:  # a rule without an index that cannot do without data: who knows what it says
        return Judgement(False, False)
    unknown = set(_unknown(m, ledger.charges, book))
    meddled = _meddled(book, chosen) or any(book.posted(account) for account in ALTERING) or _worth_beside(book)
    variables = {variable.local_name for variable in m.component_objects(pyo.Var)} & unknown
    paid = any(
        (book.values(charge.rate.local_name) < 0).any() for charge in ledger.charges if _name(charge) not in CHARGES
    )
    relaxes = not paid and not meddled
    rules = {rule.local_name for rule in m.component_objects(pyo.Constraint)} & unknown
    charged = {charge.of.local_name for charge in ledger.charges if _name(charge) in unknown}
    charges = {_name(charge) for charge in ledger.charges}
    alone = relaxes and unknown <= rules | variables | charges and charged <= variables <= APART | HELD_BESIDES
    return Judgement(not unknown and not meddled, relaxes, frozenset(rules) if alone else None)


def _unknown(m: Any, charges: list[Charge], book: Book) -> Iterator[Any]:
    """Names of rules, variables and charges that are not known and have a row."""
    for kind, known in ((pyo.Constraint, RULES), (pyo.Var, VARIABLES)):
        for component in m.component_objects(kind):
            if component.local_name not in known and _rows(component, book):
                yield component.local_name
    for charge in charges:
        if _name(charge) not in CHARGES and len(book.values(charge.rate.local_name)):
            yield _name(charge)
    for component in m.component_objects():
        if component.ctype not in (pyo.Set, pyo.Param, pyo.Var, pyo.Constraint, pyo.Objective):
            yield component.local_name


def _rows(component: Any, book: Book) -> int:
    """How many elements a component has in this book; what has no index set of the book has some."""
    name = component.index_set().local_name if component.is_indexed() else ""
    return len(book.indexes[name]) if name in book.indexes else 1


def _meddled(book: Book, parts: Sequence[Part]) -> bool:
    """Whether a part that is not known may change an account: it has figures of its own with a row, or none at all."""
    for part in parts:
        if (part.posts or part.offers) and part.name not in POSTING:
            rows = [len(book.indexes[name]) for name, maker in book.made_by.items() if maker == part.name]
            if any(rows) or not rows:
                return True
    return False


def _worth_beside(book: Book) -> bool:
    """Whether a joint order's worth has a limit and counts more than quantities: what units below a break cost more."""
    limited = any(len(book.indexes[name]) for name in ("value_floors", "value_ceilings") if name in book.indexes)
    return limited and "segment_fixed" in book.parameters and bool(book.values("segment_fixed").any())


def _name(charge: Charge) -> tuple[str, str, str]:
    return charge.account, charge.rate.local_name, charge.of.local_name


def _without_rows(book: Book) -> Book:
    """A book with the same index sets, parameters and relations, all without a row."""
    none, bare = np.zeros(0, dtype=np.int64), Book()
    for name, index in book.indexes.items():
        bare.index(name, **dict.fromkeys(index.dimensions, none))
    for name, (of, _) in book.parameters.items():
        bare.parameter(name, of, none.astype(np.float64))
    for name, relation in book.relations.items():
        parents = tuple(none for _ in book.indexes[relation.of].dimensions)
        bare.relation(name, relation.of, parents, **dict.fromkeys(relation.dimensions, none))
    return bare
