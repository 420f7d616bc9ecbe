"""Repair: what a killed process left is mended, what is a user's or a live process's stays."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from optimizer.write import PublishError, disk, publish, repair
from optimizer.write.disk import process_runs, temporary
from tests.campaigns.kill_publication import state
from tests.write.plans import no_audit
from tests.write.test_publish import numbered


def dead_process() -> int:
    """The id of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_plan_set_aside_is_put_back(tmp_path: Path) -> None:
    publish(numbered(1), tmp_path / "out.previous", no_audit)
    (tmp_path / ".out.swap").write_text("")
    repair(None, tmp_path / "other", tmp_path / "out")
    assert (state(tmp_path / "out"), os.listdir(tmp_path)) == ("1", ["out"])


def test_a_swap_that_lacked_its_last_step_is_finished(tmp_path: Path) -> None:
    publish(numbered(2), tmp_path / "out", no_audit)
    publish(numbered(1), tmp_path / "out.previous", no_audit)
    (tmp_path / "out.previous" / "plan.json").unlink()
    (tmp_path / ".out.swap").write_text("")
    repair(tmp_path / "out")
    assert (state(tmp_path / "out"), os.listdir(tmp_path)) == ("2", ["out"])


def test_a_previous_without_a_journal_is_the_users(tmp_path: Path) -> None:
    publish(numbered(2), tmp_path / "out", no_audit)
    publish(numbered(1), tmp_path / "out.previous", no_audit)
    repair(tmp_path / "out")
    assert state(tmp_path / "out.previous") == "1"


def test_a_previous_that_is_no_plan_is_not_put_anywhere(tmp_path: Path) -> None:
    (tmp_path / "out.previous").mkdir()
    repair(tmp_path / "out")
    assert os.listdir(tmp_path) == ["out.previous"]


def test_nothing_to_repair_is_fine(tmp_path: Path) -> None:
    repair(tmp_path / "nowhere" / "out")
    assert os.listdir(tmp_path) == []


def test_a_swap_that_cannot_be_mended_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(numbered(1), tmp_path / "out.previous", no_audit)

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "rename", denied)
    with pytest.raises(PublishError, match="could not be mended: Permission denied"):
        repair(tmp_path / "out")


def test_temporary_folders_of_dead_processes_go_and_others_stay(tmp_path: Path) -> None:
    dead = tmp_path / f".out.tmp-{dead_process()}-0123456789ab"
    others = [".out.tmp-x-0123456789ab", ".out.tmp-1-short", ".other.tmp-1-0123456789ab", "out.tmp-1-0123456789ab"]
    for name in (dead.name, *others):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
    (tmp_path / ".out.tmp-1-00000000000f").write_text("a file of that name")
    with temporary(tmp_path / "out") as live:
        repair(tmp_path / "out")
        assert live.is_dir()
        assert set(os.listdir(tmp_path)) == {*others, live.name, ".out.tmp-1-00000000000f"}


def test_a_link_that_looks_like_a_temporary_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter").write_text("mine")
    (tmp_path / f".out.tmp-{dead_process()}-0123456789ab").symlink_to("home")
    repair(tmp_path / "out")
    assert (tmp_path / "home" / "letter").is_file()


@pytest.mark.parametrize(("pid", "hours", "goes"), [("dead", 2, True), ("dead", 0, False), ("own", 2, False)])
def test_without_locks_a_folder_is_stale_when_its_process_is_dead_and_it_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pid: str, hours: int, goes: bool
) -> None:
    monkeypatch.setattr(disk, "_lock", lambda folder, wait: None)
    folder = tmp_path / f".out.tmp-{os.getpid() if pid == 'own' else dead_process()}-0123456789ab"
    folder.mkdir()
    then = folder.stat().st_mtime - 3600 * hours - 1
    os.utime(folder, (then, then))
    repair(tmp_path / "out")
    assert folder.exists() != goes


def test_processes_are_told_alive_from_dead() -> None:
    assert process_runs(os.getpid())
    assert process_runs(1)
    assert not process_runs(dead_process())


def test_a_folder_swept_while_it_is_made_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, made = disk._lock, []

    def lock(folder: Path, wait: bool) -> int | None:
        made.append(folder)
        if len(made) == 1:
            folder.rmdir()
        return real(folder, wait)

    monkeypatch.setattr(disk, "_lock", lock)
    with temporary(tmp_path / "out") as folder:
        assert folder == made[1]
        assert folder.is_dir()


def test_what_is_gone_while_it_is_looked_at_is_not_alive() -> None:
    class Gone:
        def stat(self, *, follow_symlinks: bool) -> None:
            raise FileNotFoundError

    assert not import_module("optimizer.write.repair")._may_be_alive(Gone(), os.getpid())
