"""Tasks for workers: in a module of their own, because a worker imports it, and pytest takes its time."""

import os
import signal
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def square(number: int) -> int:
    return number * number


def fail_at_three(number: int) -> int:
    if number >= 3:
        raise ValueError(f"no {number}")
    return number


def die_once(task: tuple[int, str, int]) -> int:
    """Ends its own process where its number is the second and the marker does not exist yet."""
    number, marker, killer = task
    if number == killer and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die_at_two(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def process_id(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def print_to_standard_output(text: str) -> str:
    os.write(1, text.encode())
    print(text, flush=True)
    return text


def not_to_be_sent(number: int) -> object:
    return lambda: number


def weighted(prices: NDArray[np.float64], row: NDArray[np.float64]) -> float:
    return float(prices @ row)


def loaded(modules: list[str]) -> list[bool]:
    import sys

    return [module in sys.modules for module in modules]


def least(seed: int) -> float:
    """A random knapsack of several rows, solved by HiGHS: its bound."""
    import scipy.sparse as sp

    from optimizer.solve.highs import Limits, solve
    from optimizer.solve.program import Program

    random = np.random.default_rng(seed)
    rows, columns = 4, 15
    weights = random.integers(1, 40, (rows, columns)).astype(np.float64)
    return solve(
        Program(
            cost=-random.integers(1, 60, columns).astype(np.float64), offset=0.0, matrix=sp.csc_array(weights),
            row_lower=np.full(rows, -np.inf), row_upper=weights.sum(axis=1) / 2, lower=np.zeros(columns),
            upper=np.ones(columns), integer=np.ones(columns, dtype=np.bool_), block=np.zeros(columns, dtype=np.int64),
            late=np.zeros(columns, dtype=np.bool_),
        ),
        Limits(30.0),
    ).bound  # fmt: skip
