from functools import partial
from typing import Any

import numpy as np
import pytest

from optimizer.decompose.executor import Executor, Serial, TaskError
from optimizer.decompose.processes import Processes
from tests.decompose import tasks

MATRIX = np.arange(12.0).reshape(4, 3)
PRICES = np.array([1.0, 10.0, 100.0])


def executors() -> list[Any]:
    return [Serial, *(partial(Processes, workers) for workers in (1, 2, 3))]


@pytest.fixture(params=executors(), ids=["serial", "one", "two", "three"])
def executor(request: pytest.FixtureRequest) -> Any:
    with request.param() as made:
        yield made


def test_results_come_in_the_order_of_the_tasks(executor: Executor) -> None:
    assert executor.map(tasks.square, range(500)) == [n * n for n in range(500)]
    assert executor.map(tasks.sleep, [0.1, 0.0, 0.05]) == [0.1, 0.0, 0.05]
    assert executor.map(tasks.square, []) == []
    # What all tasks have in common: 1 a + 10 b + 100 c of rows (0 1 2) (3 4 5) (6 7 8) (9 10 11), then other prices.
    assert executor.map(partial(tasks.weighted, PRICES), MATRIX) == [210.0, 543.0, 876.0, 1209.0]
    assert executor.map(partial(tasks.weighted, np.ones(3)), MATRIX) == [3.0, 12.0, 21.0, 30.0]
    # The solver's answers, to the last bit.
    assert executor.map(tasks.least, range(6)) == [tasks.least(seed) for seed in range(6)]
    # The first exception, in order; those before it are there.
    stream = executor.stream(tasks.fail_at_three, range(9))
    assert [next(stream), next(stream), next(stream)] == [0, 1, 2]
    with pytest.raises(TaskError, match=r"(?s)Traceback.*in fail_at_three.*ValueError: no 3"):
        next(stream)
    assert executor.map(tasks.square, [7]) == [49]


def test_a_caller_may_stop_early(executor: Executor) -> None:
    stream = executor.stream(tasks.square, range(10**5))
    assert [next(stream), next(stream)] == [0, 1]
    stream.close()
    assert executor.map(tasks.square, [3]) == [9]
