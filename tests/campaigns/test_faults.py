"""A few cases of the campaign of failing calls, and that it would see what it looks for."""

import errno
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("needs the file system of POSIX", allow_module_level=True)

from optimizer.write import publish, repair
from tests.campaigns.boundaries import Boundaries, Call, Interrupted
from tests.campaigns.campaign import carried_out
from tests.campaigns.faults import CAMPAIGN, KINDS, Case, Trial
from tests.write.plans import no_audit, plan


def test_failing_calls_leave_the_plan_that_was_there_or_the_new_one() -> None:
    run = carried_out(CAMPAIGN, 10, 3, "--modes", "swap")
    assert (run.found, run.counts["not reached"]) == ([], 0)
    assert run.figures["failing calls"] > 500


def test_a_plan_that_is_torn_and_a_code_that_lies_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = Trial("exchange", tmp_path)
    case = Case("exchange", KINDS[0], 10**9)  # no call fails: what is told is only what the run is made to do

    def spoils(code: int, spoil: str = "") -> Any:
        def run(seed: int) -> tuple[int, str]:
            if spoil == "torn":
                (tmp_path / "home" / "out" / "plan.json").write_bytes(b"{")
            if spoil == "left":
                (tmp_path / "home" / ".out.tmp-1-0123456789ab").mkdir(exist_ok=True)
            return code, "Traceback" if spoil == "trace" else ""

        return run

    for told, code, spoil in (
        ({"partial", "changed", "not run again"}, 3, "torn"), ({"changed", "not run again"}, 0, ""),
        ({"wrong code", "not run again"}, 1, ""), ({"traceback", "not run again"}, 3, "trace"),
        ({"not run again", "stale"}, 3, "left"), (set(), 3, ""),
    ):  # fmt: skip
        monkeypatch.setattr(trial, "_run", spoils(code, spoil))
        assert {text.partition(":")[0] for text in trial.run(case, False, Counter())} == told, spoil


def test_calls_inside_are_counted_at_the_system_s_grain_and_fail_where_asked(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()

    def work() -> None:
        with open(inside / "a", "w", encoding="utf-8") as file:
            file.write("x" * 10_000)  # more than a buffer: two writes
            file.flush()
            os.fsync(file.fileno())
        (outside / "b").write_text("not counted", encoding="utf-8")
        os.rename(inside / "a", inside / "c")
        assert (inside / "c").read_text(encoding="utf-8") == "x" * 10_000

    with Boundaries([inside]) as boundaries:
        work()
    names = [call.name for call in boundaries.calls]
    assert [name for name in names if name != "read"] == [
        "open",
        *["write"] * names.count("write"),
        "fsync",
        "rename",
        "open",
    ]
    assert "read" in names and "write" in names

    def fails(number: int, call: Call) -> OSError | None:
        return OSError(errno.ENOSPC, "full") if call.name == "rename" else None

    with Boundaries([inside], fails), pytest.raises(OSError, match="full"):
        work()
    assert (inside / "a").exists() and open.__name__ == "open" and os.rename.__name__ == "rename"


def test_something_happens_at_the_nth_call_of_a_function_of_ours() -> None:
    here, seen = [Path(__file__).parent], []

    def ours(number: int) -> None:
        seen.append(number)

    def memory() -> None:
        raise MemoryError

    with Interrupted(here) as counted:
        for number in range(3):
            ours(number)
    assert counted.calls == 4  # and that of leaving
    with pytest.raises(MemoryError), Interrupted(here, 1, memory) as interrupted:
        for number in range(3):
            ours(number)
    assert seen == [0, 1, 2, 0] and interrupted.where.endswith("ours")


def test_what_fails_after_the_plan_is_in_place_does_not_take_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def memory(*_: object) -> None:
        raise MemoryError

    publish(plan(), tmp_path / "out", no_audit)
    first = (tmp_path / "out" / "run.json").read_bytes()
    monkeypatch.setattr("optimizer.write.disk.exchange", lambda one, other: False)
    monkeypatch.setattr("shutil.rmtree", memory)  # what was there before cannot be removed
    changed = plan(run={"seed": 77})
    assert publish(changed, tmp_path / "out", no_audit) == tmp_path / "out"
    assert (tmp_path / "out" / "run.json").read_bytes() != first
    monkeypatch.undo()
    repair(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
