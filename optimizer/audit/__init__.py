"""Audit: is a published plan, as its files stand, what the contract says it is?

Everything about the plan is recomputed in exact fractions from the planner's tables and the plan's own files. The audit
knows no model and no solver and shares no code with the rest of the engine, so that a mistake made there shows here.

Each module beside this file is one concept and says what it refuses. It may offer

    lines(instance) -> Iterator[Line]      demand lines as they are planned, where not as the table has them
    value(book, order) -> Fraction | None  what the goods of an order cost, where that is not its list price
    arrival(book, supplier, t, lead_time) -> int   when an order placed in t arrives, if not just after its lead time
    check(book) -> Iterator[Violation]     what is wrong
    flows(book) -> Iterator[Flow]          what it moves into or out of stock: `balance` adds them up
    costs(book) -> Iterator[Charge]        what it costs, with ACCOUNTS, the names it charges: `accounts` adds them up

and is found by being there, in alphabetical order: a new rule is one new file. What they share is the `book`.
"""

import gc
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from optimizer.audit.book import Book
from optimizer.audit.book.tables import Tables, Texts
from optimizer.audit.book.violation import Violation

__all__ = ["Violation", "audit", "concepts"]


def audit(tables: Texts, settings: Mapping[str, Any], folder: Path, *, written: Texts | None = None) -> list[Violation]:
    """Everything that is wrong with the plan in `folder`; an empty list if nothing is.

    Args:
        tables: the instance as text: table name, column, cells in canonical form (ISO dates, decimal points, ids byte
            for byte, empty text for the default). Columns and tables that nobody knows are passed over.
        settings: `instance.toml` as `tomllib` gives it.
        folder: the plan: `purchase_orders.csv`, `allocations.csv`, `backorders.csv`, `inventory.csv`, `costs.csv`,
            `plan.json` and, if it is there yet, `run.json`.
        written: columns of `tables` as the user wrote them, where that is not the canonical form and the plan names
            rows by it: `{"demand": {"due": [...]}}` where dates are `23.11.2026` or `2026-W48`.

    Raises:
        ValueError: `settings` has no start or number of periods that can be read, or the columns of a table are not of
            one length.
    """
    with _no_garbage_collection():
        book = Book(Tables(tables, written or {}), settings, Path(folder))
        found = concepts()
        for concept in found:
            if hasattr(concept, "lines"):
                book.instance.plan_lines(list(concept.lines(book.instance)))
        book.pricings = [concept.value for concept in found if hasattr(concept, "value")]
        book.delays = [concept.arrival for concept in found if hasattr(concept, "arrival")]
        for concept in found:
            if hasattr(concept, "flows"):
                book.move(concept.flows(book))
        for concept in found:
            if hasattr(concept, "costs"):
                book.charge(concept.ACCOUNTS, concept.costs(book))
        violations = [v for concept in found if hasattr(concept, "check") for v in concept.check(book)]
        return list(dict.fromkeys([*book.faults, *violations]))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Millions of rows and no cycles: looking for some again and again takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def concepts() -> list[ModuleType]:
    """The concepts that are audited, in the order in which they are: every module beside this file."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)
    return [import_module(f"{__name__}.{name}") for name in names]
