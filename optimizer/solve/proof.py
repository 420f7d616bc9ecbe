"""Proof: branch and bound on a whole program in a thread of its own, beside a search for better plans.

The two help each other: what the search finds goes into the tree, what the tree finds and proves is there for the
search. The solver runs without Python's lock, so they take one core each.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self

import numpy as np

from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Floats, Program

Found = Callable[[Floats, float], None]  # a point, and its cost


class Beside(ABC):
    """What proves beside a search, in a thread of its own, from when it is started until it is asked to end."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._until_it_ends, daemon=True)

    @property
    @abstractmethod
    def bound(self) -> float:
        """Proven lower limit on the cost; -inf for none yet."""

    @abstractmethod
    def beside(self, size: int) -> str:
        """What both do, in a few words, where groups of so many blocks are decided again."""

    @abstractmethod
    def offer(self, x: Floats) -> None:
        """A better plan from the search."""

    @abstractmethod
    def _run(self) -> None:
        """Prove, until there is no more to prove or `_asked` is set."""

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._thread.is_alive()

    def start(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended, or for so long.

        Raises:
            BaseException: what it has failed by.
        """
        self._thread.join(seconds)
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def end(self) -> None:
        """Ask it to end, and wait until it has.

        Raises:
            BaseException: what it has failed by.
        """
        self._asked.set()
        self.wait()

    def _until_it_ends(self) -> None:
        try:
            self._run()
        except BaseException as failure:
            self._failure = failure


class Proof(Beside):
    """A tree that grows until it is proven, the time is over, or it is asked to end."""

    def __init__(
        self, program: Program, limits: Limits, seed: int, start: Floats, found: Found, stop: Callable[[], bool]
    ) -> None:
        """Of a program, from a plan; `found` is called from the other thread."""
        super().__init__()
        self._bound = -np.inf
        self._program, self._limits, self._seed, self._plan = program, limits, seed, start
        self._found, self._stop = found, stop
        self._offered: Floats | None = None

    @property
    def bound(self) -> float:
        """Proven lower limit on the cost; -inf for none yet."""
        return self._bound

    def beside(self, size: int) -> str:
        """What the tree and a search do together."""
        return f"branch and bound, and {size} blocks at a time"

    def offer(self, x: Floats) -> None:
        """A better plan from elsewhere; the tree takes it when it next asks."""
        self._offered = x

    def _run(self) -> None:
        try:
            answer = solve(
                self._program, self._limits, seed=self._seed, start=self._plan, watch=self._watch, offered=self._taken
            )
        except Infeasible:  # its own start is a point: the solver is wrong, and what it has proven is not used further
            return
        self._bound = max(self._bound, answer.bound)
        if answer.x is not None:
            self._found(answer.x, self._program.objective(answer.x))

    def _watch(self, best: float, bound: float, point: Floats | None) -> bool:
        if np.isfinite(bound):
            self._bound = max(self._bound, bound)
        if point is not None:
            self._found(point, best)
        return self._asked.is_set() or self._stop()

    def _taken(self) -> Floats | None:
        offered, self._offered = self._offered, None
        return offered
