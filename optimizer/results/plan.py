"""Plan: what the solving side hands to those who write, report and audit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.instance import Instance

if TYPE_CHECKING:
    from optimizer.solve.events import Progress


@dataclass(frozen=True)
class Plan:
    """A plan in memory.

    Attributes:
        name: the instance's name.
        currency: in which all money is.
        tables: result tables by file stem (`purchase_orders`), with the contract's columns; dates are ISO texts.
        status: `optimal` within the gap asked, or `feasible`.
        objective: cost of the plan [money].
        bound: proven lower limit on the cost of any plan [money].
        gap: (objective - bound) / absolute objective.
        gap_money: objective - bound [money].
        gap_controllable: gap_money / absolute cost without the account `purchase`.
        seconds: of the whole run.
        fill_rate_on_time: share of the quantity asked that is delivered in its due period.
        fill_rate: share of the quantity asked that is ever delivered.
        counts: how many items, demand_lines, variables, orders, …
        accounts: money by account; adds up to `objective`.
        warnings: what the planner should know, one sentence each.
        instance: what was planned.
        run: what `run.json` tells besides versions, rows and totals; see `optimizer.write.documents`.
        trace: progress events of the run, oldest first.
        folder: where it is published; None where it is not.
        memory: tables that a later run can begin from (docs/output.md); published beside the others.
        signals: what no order of this week can mend, with its money; see `optimizer.results.signals`.
    """

    name: str
    currency: str
    tables: dict[str, pd.DataFrame]
    status: str
    objective: float
    bound: float
    gap: float
    gap_money: float
    gap_controllable: float
    seconds: float
    fill_rate_on_time: float
    fill_rate: float
    counts: dict[str, int]
    accounts: dict[str, float]
    warnings: list[str]
    instance: Instance
    run: dict[str, Any]
    trace: "Sequence[Progress]"
    folder: Path | None = None
    memory: dict[str, pd.DataFrame] = field(default_factory=dict)
    signals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def what_if(self) -> list[str]:
        """What was changed in the tables for this plan, a sentence each; none where it is of the tables as they are."""
        return [f"{change['text']} ({change['note']})" for change in self.run.get("changes", ())]

    def __getattr__(self, name: str) -> pd.DataFrame:
        """A result table by its name: `plan.purchase_orders`."""
        tables: dict[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"a plan has no {name!r}; its tables are {', '.join(tables)}")
