"""Repair: what a killed or crashed publication may have left behind.

By an exchange, an earlier plan and a new one change places in one step, and a kill can only leave a temporary folder.
Where the system has no exchange, three steps stand between a journal's writing and its removal:

    write .OUT.swap    OUT -> OUT.previous    temporary -> OUT    remove OUT.previous    remove .OUT.swap

So a plan is always whole under one of two names, and the journal tells an `OUT.previous` of ours from a user's.
"""

import os
import re
import shutil
import time
from pathlib import Path

from optimizer.write.disk import locked, process_runs, remove_if_dead
from optimizer.write.errors import PublishError
from optimizer.write.target import KINDS

TEMPORARY = re.compile(r"\.(?P<name>.+)\.tmp-(?P<pid>\d{1,10})-[0-9a-f]{12}")
SURELY_DEAD = 3600.0  # seconds of rest after which a folder is stale where neither locks nor process ids can tell


def repair(*folders: Path | None) -> None:
    """Mend half-done swaps of plan folders, and remove temporary folders of dead processes.

    Args:
        folders: as a command was given them; None is passed over.

    Raises:
        PublishError: there is something to mend, and the file system does not let us.
    """
    for out in (Path(os.path.abspath(folder)) for folder in folders if folder is not None):
        if not out.parent.is_dir():
            continue
        try:
            with locked(out.parent):
                mend(out)
                sweep(out.parent, out.name)
        except OSError as error:
            reason = error.strerror or error
            raise PublishError(f"The half-done swap of {out} could not be mended: {reason}.") from error


def previous_of(out: Path) -> Path:
    """Where the earlier plan waits during a swap without exchange."""
    return out.with_name(f"{out.name}.previous")


def journal_of(out: Path) -> Path:
    """The file that is there while such a swap is under way."""
    return out.with_name(f".{out.name}.swap")


def mend(out: Path) -> None:
    """Put an earlier plan back that a swap had set aside, or finish the swap; the parent's lock is held."""
    previous, journal = previous_of(out), journal_of(out)
    if not os.path.lexists(out):
        known = any((previous / document).is_file() for document in KINDS)
        if known and (previous / "run.json").is_file():
            os.rename(previous, out)
    elif journal.is_file():
        shutil.rmtree(previous, ignore_errors=True)
    if not (os.path.lexists(previous) and os.path.lexists(out)):
        journal.unlink(missing_ok=True)


def sweep(parent: Path, name: str = "") -> None:
    """Remove temporary folders of dead processes, of one target or (without a name) of all in the folder."""
    with os.scandir(parent) as entries:
        found = [entry for entry in entries if TEMPORARY.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)]
    for entry in found:
        match = TEMPORARY.fullmatch(entry.name)
        if match is not None and name in ("", match["name"]):
            remove_if_dead(Path(entry.path), _may_be_alive(entry, int(match["pid"])))


def _may_be_alive(entry: "os.DirEntry[str]", pid: int) -> bool:
    try:
        rest = time.time() - entry.stat(follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return False
    return rest < SURELY_DEAD or (process_runs(pid) and os.name != "nt")
