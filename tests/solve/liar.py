"""A solver that lies: with presolve on, it says of every program that it has no point."""

from typing import Any

import highspy
import pytest

from optimizer.solve import highs


class Liar:
    """Stands in for `highspy.Highs`; what it is asked with presolve off, it answers truly."""

    def __init__(self, real: Any, asked: list[str]) -> None:
        self._real, self._asked, self._last = real, asked, ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def run(self) -> None:
        """Solve, and note with which presolve."""
        self._last = self._real.getOptionValue("presolve")[1]
        self._asked.append(self._last)
        self._real.run()

    def getModelStatus(self) -> Any:
        """The truth, or not."""
        return highspy.HighsModelStatus.kInfeasible if self._last == "choose" else self._real.getModelStatus()


def lying(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the solver lie from now on; how it was asked, one run after the other."""
    asked: list[str] = []
    new = highs._new
    monkeypatch.setattr(highs, "_new", lambda: Liar(new(), asked))
    return asked
