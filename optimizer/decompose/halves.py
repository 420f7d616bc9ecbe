"""Halves: a plan of all lots worked on by two threads at once, each with half of the lots.

A gate that only one half uses is that half's alone, one that nobody uses is of a half drawn at random. Of the others,
what is left of the capacity and what is beyond the least worth are split evenly. So whatever the halves do, both
together keep every limit. They are drawn anew each time. There are always two, whatever the number of threads: threads
change no figure.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from optimizer.decompose.arrays import Arrays, Work, work
from optimizer.decompose.replan import State
from optimizer.solve.program import Booleans, Floats, Ints

FEWEST = 40  # lots below which there is one half with everything


class Half(NamedTuple):
    """Lots that may be decided again, and everybody's plan with the room that is theirs.

    Attributes:
        a: the lots, with the half's limits of gates.
        room: to work in.
        state: the plan: its quantities are those of the whole, of which a half writes those of its own lots only.
        mine: whether each lot is of this half.
        random: the half's own.
    """

    a: Arrays
    room: Work
    state: State
    mine: Booleans
    random: np.random.Generator

    def of(self, lots: Ints) -> Ints:
        """Those of some lots that are of this half, in their order."""
        return lots[self.mine[lots]]


class Halves:
    """Draws halves, and has them worked on; the rooms of both are made once."""

    def __init__(self, a: Arrays, threads: int, together: Ints | None = None) -> None:
        """`together`: a number for each lot; lots with the same one are of the same half."""
        self._a = a
        self._together = np.arange(a.lots) if together is None else together
        self._rooms = [work(a) for _ in range(2 if a.lots >= FEWEST else 1)]
        self._pool = ThreadPoolExecutor(threads)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rooms)

    def reprice(self, a: Arrays) -> None:
        """The same lots, with other costs of options."""
        self._a = a

    def each(self, state: State, random: np.random.Generator, act: Callable[[Half], None]) -> None:
        """Have every half of a plan worked on; what its gates have left is to be counted anew afterwards."""
        list(self._pool.map(act, self.drawn(state, random)))

    def drawn(self, state: State, random: np.random.Generator) -> list[Half]:
        """Halves of a plan."""
        a = self._a
        if len(self) == 1:
            return [Half(a, self._rooms[0], state, np.ones(a.lots, dtype=np.bool_), random)]
        second, coin = (random.random(a.lots) < 0.5)[self._together], random.random(a.gates) < 0.5
        taken = state.quantity > 0
        uses = [np.bincount(a.gate, taken & (second[a.option_lot] == who), a.gates) > 0 for who in (False, True)]
        both, owner = uses[0] & uses[1], np.where(uses[0] | uses[1], uses[1], coin)
        both[-1] = True
        return [
            self._half(state, room, second == who, np.where(both, 0.5, owner == who), generator)
            for who, room, generator in zip((False, True), self._rooms, random.spawn(2), strict=True)
        ]

    def _half(self, state: State, room: Work, mine: Booleans, share: Floats, random: np.random.Generator) -> Half:
        a, beyond = self._a, np.maximum(state.worth - self._a.gate_floor, 0.0)
        split = (share == 0.5) & (a.gate_floor > 0) & (beyond > 0)
        limits = a._replace(
            gate_capacity=state.used + share * (a.gate_capacity - state.used),
            gate_ceiling=state.worth + share * (a.gate_ceiling - state.worth),
            gate_floor=np.where(split, state.worth - share * beyond, a.gate_floor),
        )
        own = state._replace(
            used=state.used.copy(), worth=state.worth.copy(), status=state.status.copy(), price=state.price.copy()
        )
        return Half(limits, room, own, mine, random)
