"""Part: one business concept of the model, in one file.

A part says what it reads and what it gives, posts figures, derives its index sets, and adds its variables, rules and
costs. `models.parts` finds the parts by itself; `models.assemble` puts them together. Each hook has a default that does
nothing, so a part writes only what it needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from models.book import Book, Values
from models.findings import Finding
from models.instance import Array, Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.tables import Result, Setting, Table


class Scope(Enum):
    """What a part couples: nothing beyond one item (ITEM), or items that compete for something (SHARED)."""

    ITEM = "item"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Move:
    """Stock that a plan moves: `column` of the stock projection, and where, when and how much."""

    column: str
    item: Codes
    location: Codes
    period: Codes
    quantity: Figures


class Part:
    """One concept: tables in; variables, rules, costs; result tables out.

    Attributes:
        scope: what it couples.
        needs: tables and columns that it reads.
        settings: settings of `instance.toml` that it reads.
        gives: result tables that it fills.
        owns: posted accounts that it totals.
        posts: posted accounts of other parts to which it posts.
        offers: accounts that others may read.
        uses: offered accounts of other parts that it reads; those parts come before it.
        strengthens: it changes no optimum, only how tight the relaxation is; the plain formulation leaves it out.
        extends: it strengthens by variables of its own, and makes the model several times larger.
        limits: what in its tables holds at any cost, and so may stand against a hard rule.
        hard: its rules that ask for something at any cost and may leave no plan at all; `contradiction` tells of one.
    """

    scope: ClassVar[Scope] = Scope.ITEM
    needs: ClassVar[tuple[Table, ...]] = ()
    settings: ClassVar[tuple[Setting, ...]] = ()
    gives: ClassVar[tuple[Result, ...]] = ()
    owns: ClassVar[tuple[str, ...]] = ()
    posts: ClassVar[tuple[str, ...]] = ()
    offers: ClassVar[tuple[str, ...]] = ()
    uses: ClassVar[tuple[str, ...]] = ()
    strengthens: ClassVar[bool] = False
    extends: ClassVar[bool] = False
    limits: ClassVar[tuple[Limit, ...]] = ()
    hard: ClassVar[tuple[str, ...]] = ()

    @property
    def name(self) -> str:
        """The file's name: `supplier_terms`."""
        return type(self).__module__.rpartition(".")[2]

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Faults and warnings about what the tables mean together; single cells are checked before."""
        yield from ()

    def prepare(self, instance: Instance, book: Book) -> None:
        """Post figures that other parts need before they can make their index sets."""

    def derive(self, instance: Instance, book: Book) -> None:
        """Make index sets, parameters and relations."""

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Add variables and the rules that need no totals; post and offer to accounts."""

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Add the rules that total accounts; every part has posted by then."""

    def contradiction(self, instance: Instance, book: Book, rule: str, row: int, missing: float) -> Finding:
        """What a hard rule that no plan keeps asks for, where it stands, and by how much it is missed.

        The message is half a sentence: what stands against it is told behind it.

        Args:
            instance: what was to be planned.
            book: what was derived from it.
            rule: one of `hard`.
            row: of the rule's index set.
            missing: by how much it would have to be broken, all other rules kept.
        """
        raise NotImplementedError

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """Stock that comes, goes or is delivered by this part's decisions, for the stock projection."""
        yield from ()

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """Result tables that this part gives, by column."""
        return {}

    def remarks(self, instance: Instance, book: Book, values: Values) -> Iterator[str]:
        """What the planner should be told of this plan, one sentence each."""
        yield from ()
