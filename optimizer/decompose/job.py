"""Job: the tasks of one call, who takes which, and what became of each."""

import pickle
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any

from optimizer.decompose.executor import Lost, Outcome

LIVES = 2  # processes that a task may end before it is given up


class Job:
    """Tasks that several threads take for their processes, and whose outcomes their owner waits for.

    Args:
        function: of a module.
        tasks: its arguments.
        limit: seconds that one task may take.
        threads: that take tasks.
        helps: whether the owner works on tasks while no process has loaded.
    """

    def __init__(
        self, function: Callable[[Any], Any], tasks: Sequence[Any], limit: float | None, threads: int, helps: bool
    ) -> None:
        self.function, self.tasks, self.limit = function, tasks, limit
        self.packed_function = pickle.dumps(function, protocol=5)
        self.packed_tasks = [pickle.dumps(task, protocol=5) for task in tasks]
        self._helps = helps and limit is None
        self._waiting = deque(range(len(tasks)))
        self._outcomes: dict[int, Outcome | Lost] = {}
        self._deaths: Counter[int] = Counter()
        self._threads, self._to_come, self._at_work = threads, threads, 0
        self._stopped = False
        self._changed = threading.Condition()

    def enter(self) -> None:
        """A thread begins to take tasks: its process has loaded."""
        with self._changed:
            self._to_come -= 1
            self._at_work += 1

    def leave(self, entered: bool) -> None:
        """A thread takes no more."""
        with self._changed:
            self._to_come -= not entered
            self._at_work -= entered
            self._changed.notify_all()

    def take(self, room: int, flight: int) -> list[int]:
        """Tasks for a process that has `flight` and could do with `room`; fewer at the end, for all to end at once."""
        with self._changed:
            share = 1 + (len(self._waiting) + flight) // (2 * self._threads)
            count = min(min(room, share) - flight, len(self._waiting))
            return [self._waiting.popleft() for _ in range(count)]

    def finish(self, index: int, outcome: Outcome | Lost) -> None:
        """A task has its outcome."""
        with self._changed:
            self._outcomes[index] = outcome
            self._changed.notify_all()

    def give_back(self, flight: Sequence[int]) -> None:
        """A process has died, while it worked on the first of these tasks."""
        with self._changed:
            if self._stopped:
                return
            self._waiting.extendleft(reversed(flight))
            self._deaths[flight[0]] += 1
            if self._deaths[flight[0]] == LIVES:
                lost = self._waiting.popleft()
                self._outcomes[lost] = Lost(f"task {lost} ended {LIVES} processes that worked on it")
            self._changed.notify_all()

    def wait(self, index: int) -> int | None:
        """Wait for a task's outcome; before that, one after the other, tasks that the owner is to work on itself."""
        with self._changed:
            while index not in self._outcomes:
                deserted = not self._to_come and not self._at_work
                if self._waiting and (deserted or (self._helps and not self._at_work)):
                    first = self._waiting.popleft()
                    if not self._deaths[first]:
                        return first
                    self._outcomes[first] = Lost(f"task {first} ended a process, and no other could be started")
                else:
                    self._changed.wait()
        return None

    def outcome(self, index: int) -> Outcome | Lost:
        """What became of a task that was waited for."""
        return self._outcomes.pop(index)

    def stop(self) -> None:
        """Nobody is to begin any other task."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
