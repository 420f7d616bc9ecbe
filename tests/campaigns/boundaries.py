"""Boundaries: every call by which this process touches the disk, counted, and failed where a test wants it.

    with Boundaries([folder], fails) as boundaries: ...

While the block runs, each call that opens, reads, writes, syncs, looks at, makes, renames or removes something inside
the folders is a `Call`, and `fails(number, call)` may answer with the exception that it is to end with, in place of
being made. Files opened inside have their reads and writes counted at the system's own grain, below Python's buffers.
Calls elsewhere are made as ever. POSIX only.

`Interrupted` does something at the n-th call of a Python function of some packages: memory may run out anywhere.
"""

import builtins
import fcntl
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self
from unittest.mock import patch

from optimizer.write import disk

CHANGING = ("mkdir", "rmdir", "unlink", "remove", "rename", "replace", "symlink", "link", "chmod", "utime", "truncate")
SEEING = ("stat", "lstat", "listdir", "scandir", "readlink", "access")
ON_FILES = ("fsync", "fstat", "ftruncate")
REMOVING = frozenset({"rmdir", "unlink", "remove"})
_readlink, _open_file = os.readlink, io.open


@dataclass(frozen=True)
class Call:
    """One call: its name, what it is for, and whether it changes what is on the disk."""

    name: str
    place: str
    changes: bool

    @property
    def removes(self) -> bool:
        """Whether it takes something away: a full disk allows that."""
        return self.name in REMOVING


Fails = Callable[[int, Call], BaseException | None]


class Boundaries:
    """Counts the calls inside some folders while it is entered."""

    def __init__(self, folders: Sequence[Path], fails: Fails = lambda number, call: None) -> None:
        self._folders = [os.path.realpath(folder) for folder in folders]
        self._fails = fails
        self._patches = ExitStack()
        self.calls: list[Call] = []

    def __enter__(self) -> Self:
        swap = self._patches.enter_context
        for name in (*CHANGING, *SEEING):
            swap(patch.object(os, name, self._on_path(name, getattr(os, name))))
        for name in ON_FILES:
            swap(patch.object(os, name, self._on_file(name, getattr(os, name))))
        swap(patch.object(fcntl, "flock", self._on_file("flock", fcntl.flock)))
        swap(patch.object(os, "open", self._os_open(os.open)))
        swap(patch.object(disk, "exchange", self._on_path("exchange", disk.exchange)))
        for module in (builtins, io):
            swap(patch.object(module, "open", self._opened))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patches.close()

    def call(self, name: str, place: str | None, changes: bool) -> None:
        """A call is about to be made; what it is to fail with is raised."""
        if place is None:
            return
        made = Call(name, place, changes)
        self.calls.append(made)
        failure = self._fails(len(self.calls) - 1, made)
        if failure is not None:
            raise failure

    def place(self, path: Any, folder: int | None = None) -> str | None:
        """Where a path or descriptor leads, if that is inside."""
        try:
            if isinstance(path, int):
                text = _readlink(f"/proc/self/fd/{path}")
            else:
                text = os.fsdecode(path)
                if folder is not None:
                    text = os.path.join(_readlink(f"/proc/self/fd/{folder}"), text)
        except (OSError, TypeError):
            return None
        text = os.path.abspath(text)
        return text if any(text == home or text.startswith(home + os.sep) for home in self._folders) else None

    def _on_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        changes = name in CHANGING or name == "exchange"

        def call(path: Any = ".", *more: Any, **options: Any) -> Any:
            target = more[0] if name == "symlink" and more else path
            self.call(name, self.place(target, options.get("dir_fd")), changes)
            return real(path, *more, **options)

        return call

    def _on_file(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, *more: Any) -> Any:
            descriptor = file if isinstance(file, int) else file.fileno()
            self.call(name, self.place(descriptor), name in ("fsync", "ftruncate"))
            return real(file, *more)

        return call

    def _os_open(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *more: Any, **options: Any) -> int:
            changes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            self.call("open", self.place(path, options.get("dir_fd")), changes)
            return real(path, flags, *more, **options)

        return call

    def _opened(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        """As `open`, with the raw file at the bottom counted."""
        place = None if isinstance(file, int) else self.place(file)
        if place is None:
            return _open_file(file, mode, buffering, encoding, errors, newline, closefd, opener)
        changes = any(letter in mode for letter in "wax+")
        self.call("open", place, changes)
        raw = _Raw(self, place, file, mode.replace("b", "").replace("t", ""), opener)
        if buffering == 0:
            return raw
        kind = io.BufferedRandom if "+" in mode else io.BufferedWriter if changes else io.BufferedReader
        buffered = kind(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding or "utf-8", errors, newline)


class _Raw(io.FileIO):
    """A file whose reads and writes are calls."""

    def __init__(self, boundaries: Boundaries, place: str, file: Any, mode: str, opener: Any) -> None:
        super().__init__(file, mode, opener=opener)
        self._boundaries, self._place = boundaries, place

    def write(self, data: Any) -> int:
        """See `io.FileIO`."""
        self._boundaries.call("write", self._place, True)
        return super().write(data)

    def readinto(self, buffer: Any) -> int:
        """See `io.FileIO`."""
        self._boundaries.call("read", self._place, False)
        return super().readinto(buffer)

    def readall(self) -> bytes:
        """See `io.FileIO`."""
        self._boundaries.call("read", self._place, False)
        return super().readall()


class Interrupted:
    """While it is entered, the `number`-th call of a function under `folders` does `act`, or raises what it does.

    Attributes:
        calls: how many there were.
        where: the function that was called then.
    """

    def __init__(self, folders: Sequence[Path], number: int = -1, act: Callable[[], None] = lambda: None) -> None:
        self._folders = tuple(str(folder) + os.sep for folder in folders)
        self._number, self._act = number, act
        self.calls, self.where = 0, ""

    def __enter__(self) -> Self:
        sys.setprofile(self._profile)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, argument: Any) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(self._folders):
            return
        self.calls += 1
        if self.calls - 1 == self._number:
            self.where = f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_qualname}"
            self._act()
