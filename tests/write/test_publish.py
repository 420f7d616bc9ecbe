"""Publication: whole or not at all, whatever fails and whoever else publishes."""

import errno
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from optimizer.results.plan import Plan
from optimizer.write import AuditRefused, PublishError, TargetRefused, disk, prepare, publish, repair
from tests.campaigns.kill_publication import state
from tests.write.plans import no_audit, plan

FILES = {
    *("purchase_orders.csv", "allocations.csv", "backorders.csv", "inventory.csv", "costs.csv", "actions.csv"),
    *("plan.json", "plan.xlsx", "report.html", "run.json"),
}


def numbered(number: int) -> Plan:
    small = plan()
    return plan(objective=float(number), run={**small.run, "seed": number})


@pytest.fixture(params=["exchange", "swap"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "swap":
        monkeypatch.setattr(disk, "exchange", lambda one, other: False)
    return str(request.param)


def test_a_plan_is_published_and_replaced(tmp_path: Path, way: str) -> None:
    out = tmp_path / "deep" / "out"
    for number in (1, 2, 3):
        assert publish(numbered(number), out, no_audit) == out
        assert state(out) == str(number)
        assert set(os.listdir(out)) == FILES
        assert os.listdir(out.parent) == ["out"]


def test_without_a_folder_it_goes_to_a_run_with_latest_beside(tmp_path: Path) -> None:
    first, second = (publish(numbered(number), None, no_audit, base=tmp_path) for number in (1, 2))
    assert first.parent == tmp_path / "Demo-more"
    assert (state(first), state(second), state(first.with_name("latest"))) == ("1", "2", "2")
    assert os.readlink(first.with_name("latest")) == second.name
    assert set(os.listdir(first.parent)) == {first.name, second.name, "latest"}


def test_without_links_latest_is_a_text_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "symlink_to", no_links)
    for number in (1, 2):
        run = publish(numbered(number), None, no_audit, base=tmp_path)
        assert run.with_name("latest.txt").read_text() == f"{run.name}\n"


def test_a_latest_that_cannot_be_made_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "replace", full)
    run = publish(numbered(1), None, no_audit, base=tmp_path)
    assert state(run) == "1"
    assert "could not be made to lead to it" in caplog.text
    assert os.listdir(run.parent) == [run.name]


def test_a_plan_that_fails_its_audit_is_not_published(tmp_path: Path, way: str) -> None:
    out = publish(numbered(1), tmp_path / "out", no_audit)
    seen: list[set[str]] = []

    def audit(folder: Path) -> list[str]:
        seen.append(set(os.listdir(folder)))
        return ["stock below zero", "cost is another"]

    with pytest.raises(AuditRefused, match=r"2 violations; first: stock below zero.*Nothing was published") as refused:
        publish(numbered(2), out, audit)
    assert refused.value.violations == ["stock below zero", "cost is another"]
    assert refused.value.kept is None
    assert seen == [FILES]
    assert (os.listdir(tmp_path), state(out)) == (["out"], "1")


def test_a_refused_plan_is_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AuditRefused, match="kept in") as refused:
        publish(numbered(2), tmp_path / "out", lambda folder: ["wrong"], keep_refused=True)
    assert refused.value.kept is not None
    assert os.listdir(tmp_path) == [refused.value.kept.name]
    assert refused.value.kept.name.startswith("out.refused-")
    assert state(refused.value.kept) == "2"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, ZeroDivisionError])
def test_any_failure_of_the_audit_leaves_nothing(tmp_path: Path, failure: type[BaseException]) -> None:
    def audit(folder: Path) -> list[str]:
        raise failure

    with pytest.raises(failure):
        publish(numbered(1), tmp_path / "out", audit)
    assert os.listdir(tmp_path) == []


def test_a_plan_with_an_infinite_figure_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bound is -inf"):
        publish(plan(bound=float("-inf")), tmp_path / "out", no_audit)
    assert os.listdir(tmp_path) == []


@contextmanager
def failing(name: str, number: int, error: OSError) -> Iterator[list[int]]:
    """Let the `number`-th call of a function fail; the list holds how often it was called."""
    module, function = {"open": ("builtins", "open"), "exchange": ("optimizer.write.disk", "exchange")}.get(
        name, ("os", name)
    )
    home = sys.modules[module]
    real: Callable[..., Any] = getattr(home, function)
    calls = [0]

    def broken(*arguments: Any, **more: Any) -> Any:
        calls[0] += 1
        if calls[0] == number:
            raise error
        return real(*arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home, function, broken)
        yield calls


@pytest.mark.parametrize("earlier", [True, False])
@pytest.mark.parametrize("call", ["open", "fsync", "rename", "mkdir", "exchange", "listdir", "scandir", "rmdir"])
def test_a_failure_at_any_call_leaves_a_whole_plan(tmp_path: Path, way: str, call: str, earlier: bool) -> None:
    out = publish(numbered(1), tmp_path / "out", no_audit)
    for number in range(1, 200):
        before = state(out)
        if not earlier:
            shutil.rmtree(out)
        published = True
        with failing(call, number, OSError(errno.ENOSPC, "No space left on device")) as calls:
            try:
                publish(numbered(2 * number), out, no_audit)
            except PublishError as error:
                published = False
                assert "the disk is full" in str(error)
        repair(out)
        if published:
            assert state(out) == f"{2 * number}"
        elif earlier:
            assert state(out) == before
        else:
            assert not out.exists()
        publish(numbered(2 * number + 1), out, no_audit)
        assert (state(out), os.listdir(tmp_path)) == (f"{2 * number + 1}", ["out"])
        if calls[0] < number:
            return
    pytest.fail("the call never came to an end")


@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_disk_that_is_full_in_the_midst_of_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """/dev/full takes no byte: what is opened for writing from the n-th file on leads there."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    out = publish(numbered(1), tmp_path / "out", no_audit)
    real, calls = open, [0]

    def full(file: Any, mode: str = "r", *arguments: Any, **more: Any) -> Any:
        if "x" in mode or "w" in mode:
            calls[0] += 1
            if calls[0] >= number:
                return real("/dev/full", "wb" if "b" in mode else "w", *arguments, **more)
        return real(file, mode, *arguments, **more)

    monkeypatch.setattr("builtins.open", full)
    with pytest.raises(PublishError, match="the disk is full"):
        publish(numbered(2), out, no_audit)
    monkeypatch.undo()
    assert (state(out), os.listdir(tmp_path)) == ("1", ["out"])


def test_a_workbook_that_is_open_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: no exchange, and a folder with an open file cannot be renamed."""
    out = publish(numbered(1), tmp_path / "out", no_audit)
    real = os.rename

    def rename(source: Path, target: Path) -> None:
        if Path(source) == out:
            raise PermissionError(errno.EACCES, "Permission denied")
        real(source, target)

    monkeypatch.setattr(disk, "exchange", lambda one, other: False)
    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(PublishError, match=r"a file in it is open in another program.*earlier plan there is untouched"):
        publish(numbered(2), out, no_audit)
    assert (state(out), os.listdir(tmp_path)) == ("1", ["out"])


def test_a_folder_that_may_not_be_written_is_said_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", read_only)
    with pytest.raises(PublishError, match=r"the file system is read-only. Nothing was published"):
        prepare("demo", tmp_path / "out")


def test_a_file_in_the_path_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PublishError, match="part of its path is a file"):
        prepare("demo", tmp_path / "file" / "out")


def test_preparing_leaves_nothing(tmp_path: Path) -> None:
    prepare("demo", tmp_path / "out")
    prepare("demo", None, base=tmp_path / "plans")
    assert os.listdir(tmp_path) == ["plans"]
    assert os.listdir(tmp_path / "plans" / "demo") == []


def test_a_previous_of_the_user_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "exchange", lambda one, other: False)
    out = publish(numbered(1), tmp_path / "out", no_audit)
    publish(numbered(7), tmp_path / "out.previous", no_audit)
    with pytest.raises(TargetRefused, match="in the way"):
        publish(numbered(2), out, no_audit)
    assert (state(out), state(tmp_path / "out.previous")) == ("1", "7")


def test_concurrent_publications_each_leave_a_whole_plan(tmp_path: Path, way: str) -> None:
    out, start = tmp_path / "out", threading.Barrier(4)

    def run(number: int) -> None:
        start.wait()
        publish(numbered(number), out, no_audit)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(1, 5)))
    assert state(out) in {"1", "2", "3", "4"}
    assert os.listdir(tmp_path) == ["out"]


def test_a_running_publication_is_not_swept_away(tmp_path: Path) -> None:
    """While one is being audited, another publishes to the same place; then the first takes its turn."""

    def audit(folder: Path) -> list[str]:
        publish(numbered(2), tmp_path / "out", no_audit)
        assert state(tmp_path / "out") == "2"
        assert folder.is_dir()
        return []

    publish(numbered(1), tmp_path / "out", audit)
    assert (state(tmp_path / "out"), os.listdir(tmp_path)) == ("1", ["out"])


def test_an_earlier_plan_may_be_read_while_it_is_replaced(tmp_path: Path) -> None:
    out = publish(numbered(1), tmp_path / "out", no_audit)
    with open(out / "plan.json", "rb") as file:
        publish(numbered(2), out, no_audit)
        assert json.load(file)["objective"] == 1


def test_a_latest_of_the_users_own_stays(tmp_path: Path) -> None:
    first = publish(numbered(1), None, no_audit, base=tmp_path)
    first.with_name("latest").unlink()
    first.with_name("latest").mkdir()
    second = publish(numbered(2), None, no_audit, base=tmp_path)
    assert first.with_name("latest").is_dir() and not first.with_name("latest").is_symlink()
    assert first.with_name("latest.txt").read_text() == f"{second.name}\n"


def test_what_is_refused_is_thrown_away_unless_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AuditRefused):
        import_module("optimizer.write.publish").publish_folder(
            "a", tmp_path / "out", Path.iterdir, lambda _: ["wrong"]
        )
    assert list(tmp_path.iterdir()) == []
