"""Events: what a running search tells whoever watches it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is.

    Attributes:
        seconds: since the search began.
        plan: cost of the best plan so far [money]; None before the first.
        bound: proven lower limit on the cost of any plan [money]; None before the first.
        phase: what it is doing, in a few words.
    """

    seconds: float
    plan: float | None
    bound: float | None
    phase: str

    @property
    def gap(self) -> float | None:
        """(plan − bound) / |plan|; 0 where the plan costs nothing; None while one is missing."""
        if self.plan is None or self.bound is None:
            return None
        return max(0.0, self.plan - self.bound) / abs(self.plan) if self.plan else 0.0
