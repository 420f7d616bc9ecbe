"""Executor: how the decomposition spreads tasks over cores, here and on any other machine.

A task is whatever a function of a module takes. Neither who works on it nor how many there are changes a result: a
function reads its task, does not change it, and returns what depends on nothing else.
"""

import traceback
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

Outcome = tuple[bool, Any]  # (True, result), or (False, traceback)
T = TypeVar("T")
R = TypeVar("R")


class TaskError(RuntimeError):
    """A task raised an exception, whose traceback is the text."""


class LostTaskError(RuntimeError):
    """A task has no result, because the processes that worked on it did not come back."""


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of a result: the task took too long, or ended two processes that worked on it."""

    reason: str


class Executor(Protocol):
    """Works on tasks, several at a time."""

    workers: int

    def stream(
        self, function: Callable[[T], R], tasks: Iterable[T], limit: float | None = None
    ) -> Generator[R | Lost, None, None]:
        """Results in the order of the tasks, as soon as they are there; work begins at the call.

        A caller that has had enough closes the generator: tasks that nobody has begun are dropped.

        Args:
            function: of a module, or a `functools.partial` of one with what all tasks have in common.
            tasks: its arguments.
            limit: seconds that one task may take; `Lost` after that.

        Raises:
            TaskError: at the first task, in order, that raised an exception.
        """
        ...

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> list[R]:
        """All results, in the order of the tasks.

        Raises:
            TaskError: a task raised an exception; the first one, in order.
            LostTaskError: a task ended two processes.
        """
        ...

    def close(self) -> None:
        """End all workers, whatever they do."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Common:
    """What all executors have in common: `map`, and the context."""

    def stream(
        self, function: Callable[[T], R], tasks: Iterable[T], limit: float | None = None
    ) -> Generator[R | Lost, None, None]:
        """See `Executor`."""
        raise NotImplementedError

    def close(self) -> None:
        """See `Executor`."""

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> list[R]:
        """See `Executor`."""
        results = []
        for result in self.stream(function, tasks):
            if isinstance(result, Lost):
                raise LostTaskError(result.reason)
            results.append(result)
        return results

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Serial(Common):
    """Works on tasks in this process, one by one as their results are asked for; no time limit can end one."""

    workers = 1

    def stream(
        self, function: Callable[[T], R], tasks: Iterable[T], limit: float | None = None
    ) -> Generator[R | Lost, None, None]:
        """See `Executor`."""
        for task in tasks:
            yield result_of(attempt(function, task))


def attempt(function: Callable[[Any], Any], task: Any) -> Outcome:
    """What became of a task."""
    try:
        return True, function(task)
    except Exception:
        return False, traceback.format_exc()


def result_of(outcome: Outcome | Lost) -> Any:
    """The result, or its exception."""
    if isinstance(outcome, Lost):
        return outcome
    done, value = outcome
    if not done:
        raise TaskError(value)
    return value
