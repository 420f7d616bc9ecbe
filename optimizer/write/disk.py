"""Disk: files that are safe from a crash, folders that change places in one step, locks that end with their process."""

import ctypes
import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

RENAME_EXCHANGE = 2  # of Linux's renameat2, and RENAME_SWAP of macOS's renamex_np
AT_FDCWD = -100
ATTEMPTS = 2  # to remove what is temporary: a call may fail once, and the next run sweeps what is still there
NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def write_file(path: Path, blocks: Iterable[bytes | memoryview]) -> None:
    """Write a new file, and see that it is on the disk.

    Raises:
        OSError: it exists, or could not be written.
    """
    with open(path, "xb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step.

    Returns:
        False where the system or the file system has no such step; nothing has happened then.

    Raises:
        OSError: it has, and it failed.
    """
    if sys.platform not in ("linux", "darwin"):
        return False
    system = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            failed = system.renamex_np(os.fsencode(one), os.fsencode(other), RENAME_EXCHANGE)
        else:
            failed = system.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    except AttributeError:  # a C library without it
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait for the folder's lock and hold it: one process at a time changes what it contains.

    Where the system has no locks on folders, there is none.
    """
    descriptor = _lock(folder, wait=True)
    try:
        yield
    finally:
        with suppress(Exception):
            _close(descriptor)


@contextmanager
def temporary(target: Path) -> Iterator[Path]:
    """A new folder `.NAME.tmp-PID-RANDOM` beside the target, locked while its process lives.

    What stands under that name in the end is removed: this folder, or the earlier plan after an exchange. Where that
    fails, whatever the reason, it is the next run's to remove; what has been done by then has been done.
    """
    folder, descriptor = _new_folder(target)
    try:
        yield folder
    finally:
        _give_up(folder, descriptor)


def _new_folder(target: Path) -> tuple[Path, int | None]:
    while True:
        folder = target.with_name(f".{target.name}.tmp-{os.getpid()}-{secrets.token_hex(6)}")
        folder.mkdir()
        descriptor = None
        try:
            descriptor = _lock(folder, wait=True)
            # Someone who swept between the two steps above had the lock first and has removed the folder.
            if descriptor is None or _is_at(descriptor, folder):
                return folder, descriptor
        except FileNotFoundError:
            continue
        except BaseException:
            _give_up(folder, descriptor)
            raise
        _close(descriptor)


def _give_up(folder: Path, descriptor: int | None) -> None:
    """Remove a temporary folder and its lock; a lock that stayed would have it taken for one of a live process."""
    for _ in range(ATTEMPTS):
        with suppress(Exception):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.lexists(folder):
                break
    with suppress(Exception):
        _close(descriptor)


def remove_if_dead(folder: Path, alive_without_locks: bool) -> None:
    """Remove a temporary folder whose process is dead, which is whose lock can be had.

    Args:
        folder: the temporary folder.
        alive_without_locks: what to believe where there are no locks.
    """
    try:
        descriptor = _lock(folder, wait=False)
    except OSError:
        return  # held by a live process, or just gone
    try:
        if descriptor is not None or not alive_without_locks:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        _close(descriptor)


def process_runs(pid: int) -> bool:
    """Whether a process of this machine has this id; on Windows it is not asked, and assumed."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _lock(folder: Path, wait: bool) -> int | None:
    """Descriptor that holds the folder's lock; None where there are no locks.

    Raises:
        OSError: the folder cannot be opened, or (without `wait`) another process holds the lock.
    """
    if sys.platform == "win32":
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:  # a file system without locks on folders
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _is_at(descriptor: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(folder))
    except FileNotFoundError:
        return False


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)
