import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from optimizer.decompose import processes
from optimizer.decompose.executor import Lost, LostTaskError, TaskError
from optimizer.decompose.processes import Processes
from tests.decompose import tasks

ROOT = Path(__file__).parents[2]
PARENT = """
import os, sys, types
sys.modules["optimizer"] = types.ModuleType("optimizer")
sys.modules["optimizer"].__path__ = ["optimizer"]
from optimizer.decompose.processes import Processes
from tests.decompose import tasks
executor = Processes(2, helps=False)
print(*executor.map(tasks.process_id, [0.2, 0.2]), flush=True)
"""


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def all_end(numbers: list[int]) -> bool:
    """Whether they end within the time that a slow machine needs for it."""
    ends = time.monotonic() + 60
    while any(map(alive, numbers)) and time.monotonic() < ends:
        time.sleep(0.01)
    return not any(map(alive, numbers))


@pytest.fixture(scope="module")
def two() -> Iterator[Processes]:
    """Two processes that have loaded; this one works on nothing."""
    with Processes(2, helps=False) as made:
        yield made


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_killed_process_changes_nothing(workers: int, tmp_path: Path) -> None:
    with Processes(workers, helps=False) as executor:
        for killer in (0, 5, 39):
            given = [(number, str(tmp_path / str(killer)), killer) for number in range(40)]
            assert executor.map(tasks.die_once, given) == [number * number for number in range(40)]
            assert (tmp_path / str(killer)).exists()


def test_processes_killed_from_outside_are_replaced(two: Processes) -> None:
    for number in set(two.map(tasks.process_id, [0.1, 0.1])):
        os.kill(number, signal.SIGKILL)
    assert two.map(tasks.square, range(50)) == [number * number for number in range(50)]


def test_a_task_that_ends_two_processes_is_set_aside(two: Processes) -> None:
    results = list(two.stream(tasks.die_at_two, range(5)))
    assert results == [0, 1, Lost("task 2 ended 2 processes that worked on it"), 3, 4]
    with pytest.raises(LostTaskError, match="task 2"):
        two.map(tasks.die_at_two, range(5))


def test_a_task_that_takes_too_long_is_ended(two: Processes) -> None:
    for limit in (0.5, 5.5, 60.5):  # on a slow machine, others may take too long as well
        results = list(two.stream(tasks.sleep, [0.0, 600.0, 0.01], limit=limit))
        if results == [0.0, Lost(f"task 1 took longer than {limit} s"), 0.01]:
            return
    raise AssertionError(results)


def test_what_cannot_be_sent_is_an_exception(two: Processes) -> None:
    with pytest.raises(TaskError, match=r"pickle"):
        two.map(tasks.not_to_be_sent, [1])
    assert two.map(tasks.square, [2]) == [4]


def test_what_a_task_prints_is_no_message(two: Processes) -> None:
    assert two.map(tasks.print_to_standard_output, ["a", "b"]) == ["a", "b"]


def test_processes_are_light(two: Processes) -> None:
    assert two.map(tasks.least, [1]) == [tasks.least(1)]
    assert (
        two.map(tasks.loaded, [["numpy", "optimizer", "pandas", "pyomo", "pytest"]] * 4)
        == [[True, True, False, False, False]] * 4
    )


def test_the_parent_works_until_another_has_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "BARE_WORKER", "raise SystemExit")  # none ever loads
    with Processes(2) as executor:
        assert set(executor.map(tasks.process_id, [0.0] * 5)) == {os.getpid()}
        assert list(executor.stream(tasks.square, [4], limit=1.0)) == [16]


def test_close_ends_processes_in_the_midst_of_tasks() -> None:
    with pytest.raises(KeyError), Processes(2, helps=False) as executor:
        numbers = executor.map(tasks.process_id, [0.2, 0.2])
        executor.stream(tasks.sleep, [60.0, 60.0, 60.0])
        raise KeyError
    assert all_end(numbers)


def _parent(then: str) -> tuple[subprocess.Popen[str], list[int]]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT + then],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert parent.stdout is not None
    first, second = parent.stdout.readline().split()
    return parent, [int(first), int(second)]


@pytest.mark.parametrize(
    "then", ["executor.map(tasks.sleep, [60.0] * 4)", "raise SystemExit", "os.kill(os.getpid(), 9)"]
)
def test_nothing_is_left_when_the_parent_has_died(then: str) -> None:
    parent, numbers = _parent(then)
    with parent:
        assert len(set(numbers)) == 2
        if then.startswith("executor"):
            time.sleep(0.3)
            parent.kill()
    assert all_end(numbers)


def test_the_parent_keeps_its_own_input_and_output() -> None:
    # As in the solver's process: a line that comes while processes work is the parent's, and so is what it writes.
    parent, _ = _parent("print(executor.map(tasks.square, [5]), sys.stdin.readline().strip()); executor.close()")
    output, _ = parent.communicate("stop\n")
    assert output == "[25] stop\n"
