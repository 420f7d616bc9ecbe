"""Exchange of two folders, and what stands in for it."""

import ctypes
import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from optimizer.write import disk
from optimizer.write.disk import exchange, process_runs, temporary, write_file


class System:
    """A C library whose exchange fails with a code."""

    def __init__(self, code: int) -> None:
        self.code = code

    def renameat2(self, *_: Any) -> int:
        ctypes.set_errno(self.code)
        return -1


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
    return tmp_path / "one", tmp_path / "other"


@pytest.mark.skipif(sys.platform != "linux", reason="the system has another exchange, or none")
def test_two_folders_change_places(folders: tuple[Path, Path]) -> None:
    one, other = folders
    if not exchange(one, other):
        pytest.skip("the file system has no exchange")
    assert (one / "other").is_file()
    assert (other / "one").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="the system has another exchange, or none")
@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_without_exchange_says_so(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: System(code))
    assert exchange(*folders) is False


def test_a_c_library_without_exchange_says_so(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    assert exchange(*folders) is False


@pytest.mark.skipif(sys.platform != "linux", reason="the system has another exchange, or none")
def test_a_failed_exchange_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "no", tmp_path / "nothing")


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    write_file(tmp_path / "file", [b"a", b"b"])
    assert (tmp_path / "file").read_bytes() == b"ab"
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "file", [b"c"])


@pytest.mark.parametrize("lost", ["before its lock", "before it was looked at"])
def test_a_folder_that_someone_sweeps_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    made: list[Path] = []
    name = "_lock" if lost == "before its lock" else "_is_at"
    real: Any = getattr(disk, name)

    def swept(*asked: Any, **more: Any) -> Any:
        if not made:
            made.extend(tmp_path.iterdir())
            shutil.rmtree(made[0])
        return real(*asked, **more)

    monkeypatch.setattr(disk, name, swept)
    with temporary(tmp_path / "out") as folder:
        assert folder.is_dir() and folder not in made
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_locked_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(disk, "_lock", broken)
    with pytest.raises(OSError, match="broken"), temporary(tmp_path / "out"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), MemoryError()])
def test_what_cannot_be_removed_while_all_fails_is_the_next_run_s_to_remove(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(disk, "_is_at", fails)
    monkeypatch.setattr(shutil, "rmtree", fails)
    with pytest.raises(type(error)), temporary(tmp_path / "out"):
        pass
    (left,) = tmp_path.iterdir()
    with suppress(MemoryError, OSError):
        disk.remove_if_dead(left, alive_without_locks=sys.platform != "win32")
    assert left.is_dir()  # that fails, too, and its lock does not stay either
    monkeypatch.undo()
    disk.remove_if_dead(left, alive_without_locks=sys.platform != "win32")
    assert not left.exists()


def test_a_removal_that_fails_once_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rmtree, calls = shutil.rmtree, []

    def fails_once(folder: Path, ignore_errors: bool) -> None:
        calls.append(folder)
        if len(calls) == 2:
            rmtree(folder, ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", fails_once)
    with temporary(tmp_path / "out"):
        pass
    assert (len(calls), list(tmp_path.iterdir())) == (2, [])


@pytest.mark.skipif(sys.platform == "win32", reason="no locks on folders")
@pytest.mark.parametrize("error", [OSError(errno.ENOTSUP, "no locks here"), KeyboardInterrupt()])
def test_without_a_lock_nothing_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    closed: list[int] = []
    close = os.close

    def fail(*_: Any) -> None:
        raise error

    def closing(descriptor: int) -> None:
        closed.append(descriptor)
        close(descriptor)

    monkeypatch.setattr("fcntl.flock", fail)
    monkeypatch.setattr(os, "close", closing)
    if isinstance(error, OSError):
        with disk.locked(tmp_path):  # where there are no locks, none is waited for
            pass
    else:
        with pytest.raises(KeyboardInterrupt), disk.locked(tmp_path):
            pass
    assert len(closed) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="it is not asked")
def test_a_process_that_is_anothers_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any) -> None:
        raise PermissionError

    assert process_runs(os.getpid())
    assert process_runs(2**80)  # no id of this system: whose it is cannot be asked
    monkeypatch.setattr(os, "kill", denied)
    assert process_runs(1)
