"""Exchange of two folders, and what stands in for it."""

import ctypes
import errno
import sys
from pathlib import Path
from typing import Any

import pytest

from optimizer.write.disk import exchange, write_file


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
