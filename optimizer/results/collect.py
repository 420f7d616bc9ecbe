"""Collect: from the point that the solver chose to the result tables and the figures of a plan.

Result tables come from the parts of the model; `costs` from the ledger's charges, so that the accounts add up to the
objective by construction. No business rule is known here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from models.book import NOISE, Book, Values
from models.instance import Array, Instance, as_texts
from models.parts import parts
from models.schema import results
from optimizer.compile import ChargedRows, Compiled
from optimizer.solve.program import Floats

DECIMALS = 9  # of what is written: finer than any unit, coarser than the noise of a float
COST_KEYS = ("item", "supplier", "customer", "location", "period")


@dataclass(frozen=True)
class Collected:
    """Result tables by name, money by account, and what parts have to say of the plan."""

    tables: dict[str, pd.DataFrame]
    accounts: dict[str, float]
    remarks: list[str] = field(default_factory=list)

    @property
    def objective(self) -> float:
        """What the plan costs: the sum of its accounts [money]."""
        return float(sum(self.accounts.values()))

    def controllable(self) -> float:
        """Absolute cost without what is bought [money]: what a planner can still influence."""
        return abs(self.objective - self.accounts.get("purchase", 0.0))

    def fill_rates(self, asked: float) -> tuple[float, float]:
        """Shares of the quantity asked that are delivered on time, and ever; 1 where nothing is asked."""
        delivered = self.tables["allocations"]
        if asked <= 0:
            return 1.0, 1.0
        on_time = delivered.loc[delivered["periods_late"] <= 0, "quantity"].sum()
        return float(on_time) / asked, float(delivered["quantity"].sum()) / asked


def collect(instance: Instance, book: Book, compiled: Compiled, x: Floats) -> Collected:
    """Result tables of a point.

    Args:
        instance: what was planned.
        book: its index sets.
        compiled: its program.
        x: one number per column of the program.
    """
    clean = np.where(np.abs(x) < NOISE, 0.0, np.round(x, DECIMALS))
    values = compiled.values(clean)
    tables = _result_tables(instance, book, values)
    charges = [_cost_rows(instance, book, charge, amounts) for charge, amounts in compiled.amounts(clean)]
    tables["costs"] = pd.concat(charges, ignore_index=True)
    remarks = [told for part in parts() for told in part.remarks(instance, book, values)]
    charged = (charge.account for charge in compiled.charges if len(charge.index))  # not by a rule that has no rows
    return Collected(tables, _accounts(charged, tables["costs"]), remarks)


def together(pieces: list[Collected]) -> Collected:
    """What was collected piece by piece; the list is emptied on the way, for the room.

    Costs of no item are those of what items share: every piece that has a part in one tells it, and it counts once.
    """
    accounts = list(dict.fromkeys(account for piece in pieces for account in piece.accounts))
    tables = {}
    for name in dict.fromkeys(name for piece in pieces for name in piece.tables):
        frames = [piece.tables.pop(name) for piece in pieces if name in piece.tables]
        if name == "costs":
            frames = [frame[frame["item"] != ""] for frame in frames] + [_once(frames)]
        tables[name] = pd.concat(frames, ignore_index=True)
    place = tables["costs"]["account"].map({account: k for k, account in enumerate(accounts)})
    tables["costs"] = tables["costs"].iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)
    return Collected(tables, _accounts(accounts, tables["costs"]), [told for piece in pieces for told in piece.remarks])


def _once(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The costs of no item, each once."""
    keys = ["account", *COST_KEYS]
    shared = [frame[frame["item"] == ""] for frame in frames]
    counted = [frame.assign(which=frame.groupby(keys).cumcount()) for frame in shared]
    return pd.concat(counted).drop_duplicates([*keys, "which"]).drop(columns="which")


def _accounts(names: Iterable[str], costs: pd.DataFrame) -> dict[str, float]:
    """Money by account, those without any included."""
    accounts = dict.fromkeys(names, 0.0)
    for account, amount in costs.groupby("account", sort=False)["amount"].sum().items():
        accounts[str(account)] = float(amount)
    return accounts


def asked(book: Book) -> float:
    """Quantity of all demand lines that count, in their items' units."""
    return float(book.values("quantity").sum())


def _result_tables(instance: Instance, book: Book, values: Values) -> dict[str, pd.DataFrame]:
    moves = [move for part in parts() for move in part.moves(instance, book, values)]
    keys = {result.name: list(result.key) for result in results()}
    tables: dict[str, pd.DataFrame] = {}
    for part in parts():
        for name, given in part.results(instance, book, values, moves).items():
            frame = pd.DataFrame(given)
            tables[name] = joined(tables[name], frame, keys[name]) if name in tables else frame
    needless = {result.name for result in results() if result.optional}
    return {name: frame for name, frame in tables.items() if len(frame) or name not in needless}


def joined(first: pd.DataFrame, second: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """What two parts give of one result table: rows of one key are one row, in which the first part's cells stand.

    Rows that only the second has follow. A cell that neither gives is empty.
    """
    one, other = first.set_index(key), second.set_index(key)
    rows = one.index.append(other.index.difference(one.index, sort=False))
    columns = [*one.columns, *(name for name in other.columns if name not in one.columns)]
    return one.combine_first(other).reindex(index=rows, columns=columns).reset_index()


def _cost_rows(instance: Instance, book: Book, charge: ChargedRows, amounts: Floats) -> pd.DataFrame:
    """The rows of `costs` of one charge: those that cost anything."""
    counts = amounts != 0.0
    keys = _keys(instance, book, charge, counts)
    empty = as_texts([""] * int(counts.sum()))
    columns: dict[str, Any] = {key: keys.get(key, empty) for key in COST_KEYS}
    return pd.DataFrame(
        {"account": as_texts([charge.account] * int(counts.sum())), **columns, "amount": amounts[counts]}
    )


def _keys(instance: Instance, book: Book, charge: ChargedRows, counts: Any) -> dict[str, Array]:
    """Ids and first days for the dimensions of a charge; a demand line stands for its item, customer and due period.

    What is for all ids of a dimension (code -1) names none.
    """
    shown = {name: np.append(labels, "") for name, labels in instance.labels.items()}
    shown["period"] = instance.calendar.first_days().astype(str).astype(object)
    known = book.known(charge.index)
    return {name: shown[name][codes[counts]] for name, codes in known.items() if name in shown}
