"""Guided: a whole program with the lots inside it, whose own plan shows which orders are worth deciding on.

Lots know nothing of some rules and costs of the instance, so their plan is none of the whole; but it is found in
seconds where the relaxation of the whole takes minutes, and what it does not order is seldom worth ordering.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from models.lots import Lots
from optimizer.solve.program import Booleans, Floats, Ints, Program
from optimizer.solve.proof import Beside


@dataclass(frozen=True)
class Guided:
    """A program, and its lots in the planner's units.

    Attributes:
        program: in units of its own size.
        lots: what of it the plain lot-sizing problem holds.
        column: of the program, by option of the lots: what is ordered; -1 where the program has none.
        unit: of each column: its value in the planner's units is `unit` times its value in the program.
        money: of the program's objective: the lots' money is `money` times the program's.
    """

    program: Program
    lots: Lots
    column: Ints
    unit: Floats
    money: float

    def advice(self, quantities: Floats, mixed: Booleans, bound: float) -> "Advice | None":
        """What a plan of the lots, and a bound on any, mean for the program; None where nothing is ordered.

        `mixed` marks options that are worth deciding on besides.
        """
        known = self.column >= 0
        if not (known & (quantities > 0)).any():
            return None
        at, unused = np.full(self.program.columns, np.nan), np.zeros(self.program.columns, dtype=np.bool_)
        at[self.column[known]] = 0.0
        np.add.at(at, self.column[known], quantities[known])  # segments of prices are options of one order line
        unused[self.column[known]] = True
        unused[self.column[known & (mixed | (quantities > 0))]] = False
        return Advice(at / self.unit, unused, self.bound(bound))

    def towards(self, program: Program) -> "Guided":
        """The same with another program, maybe one of other costs: then a bound on the lots is none on it."""
        lots = self.lots if program is self.program else replace(self.lots, relaxes=False)
        return replace(self, program=program, lots=lots)

    def bound(self, bound: float) -> float:
        """The program's part in a bound on its lots: none where it has what makes a plan cheaper than theirs."""
        return bound / self.money if self.lots.relaxes else -np.inf

    def to_bytes(self) -> bytes:
        """The arrays in numpy's own file format, for another process."""
        buffer = io.BytesIO()
        inside = {name: np.frombuffer(getattr(self, name).to_bytes(), np.uint8) for name in ("program", "lots")}
        np.savez(buffer, allow_pickle=False, column=self.column, unit=self.unit, money=self.money, **inside)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Guided":
        """Back from `to_bytes`."""
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            program, lots = saved["program"].tobytes(), saved["lots"].tobytes()
            column, unit, money = saved["column"], saved["unit"], float(saved["money"])
        return cls(Program.from_bytes(program), Lots.from_bytes(lots), column, unit, money)


@dataclass(frozen=True)
class Advice:
    """What is known of a program before its own search.

    Attributes:
        at: of each column that it decides on, its value in a plan that may break rules; NaN for all others.
        unused: columns that are seldom worth using.
        bound: proven lower limit on its cost; -inf for none.
    """

    at: Floats
    unused: Booleans
    bound: float


class Guide(Protocol):
    """Knows of the program what a search of it alone would not."""

    def __call__(self, report: Callable[[str, float], None]) -> Advice | None:
        """Search elsewhere, and tell the phase and the bound by then; None where nothing came of it."""

    def proof(self, seconds: float) -> Beside | None:
        """Begin to prove a better bound beside the search, which has so much time left; None where it cannot."""
