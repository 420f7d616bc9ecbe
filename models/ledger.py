"""Ledger: where the parts of the model meet.

An account is a sum of rules. A rule is a function of the model and an index that returns one linear term, by summing
over an indexed Set that may be empty. Two kinds of account:

- *posted*: any part posts to it and its owner totals it ("receipts", "issues"). A rule posted where nobody totals it
  fails the build, so that nothing is lost in silence.
- *offered*: a part lets others read a quantity ("ordered", "on_hand", "can_arrive"); nobody has to.

Money is posted as a price on a variable: `cost(account, rate, of)` adds  Σ_k rate[k] · of[k]  to the objective, over
the index of `rate`. That one form is all that the objective, `costs.csv` and a fast compiler need.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

Rule = Callable[..., Any]


class BuildError(Exception):
    """The parts do not fit together: a fault of ours, never of the planner's data."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A cost account's rate (a Param over a subset of the variable's index) on a variable."""

    account: str
    rate: Any
    of: Any


class Ledger:
    """Accounts of one model under construction."""

    def __init__(self) -> None:
        self.charges: list[Charge] = []
        self.followers: list[Any] = []
        self._posted: dict[str, list[Rule]] = defaultdict(list)
        self._offered: dict[str, list[Rule]] = defaultdict(list)
        self._totalled: set[str] = set()

    def post(self, account: str, rule: Rule) -> None:
        """Add a rule to an account that its owner must total."""
        self._posted[account].append(rule)

    def offer(self, account: str, rule: Rule) -> None:
        """Let other parts read a quantity."""
        self._offered[account].append(rule)

    def cost(self, account: str, rate: Any, of: Any) -> None:
        """Charge `rate[k]` money per unit of `of[k]` to a cost account."""
        self.charges.append(Charge(account, rate, of))

    def follows(self, variable: Any) -> None:
        """Say that a whole-number variable mostly comes out whole once the others are: a search may decide it last."""
        self.followers.append(variable)

    def total(self, account: str, m: Any, *index: Any) -> Any:
        """Sum of the rules of an account at one index; 0 where none was posted."""
        self._totalled.add(account)
        # Not `sum`: while a rule is made symbolic, Pyomo takes that for a sum over a Set, which an account may lack.
        return reduce(add, [rule(m, *index) for rule in (*self._posted[account], *self._offered[account])], 0)

    def totals(self, account: str) -> Rule:
        """The total of an account as a rule, for its owner: it counts as totalled though its index is empty."""
        self._totalled.add(account)
        return lambda m, *index: self.total(account, m, *index)

    def total_cost(self, m: Any) -> Any:
        """The objective: all charges, over all their rows."""
        return sum(charge.rate[k] * charge.of[k] for charge in self.charges for k in charge.rate.index_set())

    def close(self) -> None:
        """Check that every posted rule was totalled.

        Raises:
            BuildError: it was not.
        """
        lost = sorted(set(self._posted) - self._totalled)
        if lost:
            raise BuildError(f"rules are posted to {', '.join(lost)}, but no part totals it")
