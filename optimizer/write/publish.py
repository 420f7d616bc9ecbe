"""Publication: a plan is there whole, or not at all.

It is written beside its target, synced, audited as written, and put in place in one step. A kill at any instant leaves
the earlier plan or the new one, and perhaps a temporary folder, which the next publication removes.
"""

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from optimizer.results.plan import Plan
from optimizer.write import disk, repair, target
from optimizer.write.errors import AuditRefused, TargetRefused, not_written
from optimizer.write.folder import write_folder

LATEST = "latest"
BASE = Path("plans")

log = logging.getLogger(__name__)


def run_name(name: str, what_if: Sequence[object]) -> str:
    """Under which name the runs of an instance stand, or those that ask "what if"."""
    return name + target.WHAT_IF if what_if else name


def prepare(name: str, out: Path | None, base: Path = BASE, document: str = target.PLAN) -> None:
    """See, before anything is computed, that a plan can be published; mend what an earlier run left.

    Args:
        name: the instance's name.
        out: the folder asked for; None for BASE/NAME/RUN.
        base: where plans go that nobody gave a place.
        document: the file by which what is published is known.

    Raises:
        TargetRefused: something is at `out` that a plan must not replace.
        PublishError: nothing can be written there.
    """
    place = target.of_run(name, base) if out is None else target.resolved(out)
    try:
        _make_room(place, "" if out is None else place.name, document)
        with disk.temporary(place):
            pass
    except OSError as error:
        raise not_written(place, error) from error


def publish(
    plan: Plan,
    out: Path | None,
    audit: Callable[[Path], Sequence[Any]],
    *,
    base: Path = BASE,
    keep_refused: bool = False,
    pages: bool = True,
) -> Path:
    """Write a plan's folder, have it audited, and put it in place.

    Args:
        plan: what to write.
        out: the folder; None for BASE/NAME/RUN with BASE/NAME/latest beside it; of a what-if, BASE/NAME-what-if/RUN.
        audit: takes the folder as written and returns what is wrong with it.
        base: where plans go that nobody gave a place.
        keep_refused: keep a plan that failed the audit as `OUT.refused-…`, to be looked at.
        pages: write the workbook and the page for people, too.

    Returns:
        The folder that now holds the plan.

    Raises:
        AuditRefused: the audit found something.
        TargetRefused: something is at `out` that a plan must not replace.
        PublishError: the disk or the file system failed. In all cases nothing was published.
    """
    name = run_name(plan.name, plan.what_if)
    write = partial(write_folder, plan, pages=pages)
    return publish_folder(name, out, write, audit, base=base, keep_refused=keep_refused)


def publish_folder(
    name: str,
    out: Path | None,
    write: Callable[[Path], None],
    audit: Callable[[Path], Sequence[Any]],
    *,
    base: Path = BASE,
    document: str = target.PLAN,
    keep_refused: bool = False,
) -> Path:
    """Have a folder written, have it audited, and put it in place, as `publish` does with a plan.

    Args:
        name: the instance's name.
        out: the folder; None for BASE/NAME/RUN with BASE/NAME/latest beside it.
        write: fills an empty folder.
        audit: takes the folder as written and returns what is wrong with it.
        base: where folders go that nobody gave a place.
        document: the file by which what is published is known; it takes the place of nothing else.
        keep_refused: keep what failed the audit as `OUT.refused-…`.

    Raises:
        AuditRefused, TargetRefused, PublishError: as `publish`.
    """
    place = target.of_run(name, base) if out is None else target.resolved(out)
    try:
        _make_room(place, "" if out is None else place.name, document)
        with disk.temporary(place) as folder:
            write(folder)
            violations = audit(folder)
            if violations:
                raise AuditRefused(violations, _keep(folder, place) if keep_refused else None)
            disk.sync_folder(folder)
            with disk.locked(place.parent):
                repair.mend(place)
                target.check(place, document)
                _put_in_place(folder, place)
    except OSError as error:
        raise not_written(place, error) from error
    if out is None:
        with suppress(Exception):  # the plan is published already
            point_latest_at(place)
    return place


def point_latest_at(run: Path) -> None:
    """Let `latest` beside a run lead to it: a link, or where there are none a text file `latest.txt` with its name.

    The plan is published already, so a failure is logged and no error.
    """
    latest = run.with_name(LATEST)
    try:
        with disk.locked(run.parent), disk.temporary(latest) as folder:
            if not os.path.lexists(latest) or latest.is_symlink():
                try:
                    (folder / LATEST).symlink_to(run.name, target_is_directory=True)
                    os.replace(folder / LATEST, latest)
                    return
                except OSError:
                    log.debug("no links here, writing latest.txt", exc_info=True)
            disk.write_file(folder / "latest.txt", [f"{run.name}\n".encode()])
            os.replace(folder / "latest.txt", run.with_name("latest.txt"))
    except OSError as error:
        log.warning("The plan is in %s, but %s could not be made to lead to it: %s.", run, latest, error)


def _make_room(place: Path, name: str, document: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with disk.locked(place.parent):
        repair.mend(place)
        repair.sweep(place.parent, name)
        target.check(place, document)


def _put_in_place(folder: Path, place: Path) -> None:
    """One step, or three and a journal; the parent's lock is held and the target was checked."""
    if not place.is_dir():
        os.rename(folder, place)
    elif not os.listdir(place):
        place.rmdir()
        os.rename(folder, place)
    elif not disk.exchange(folder, place):
        _swap(folder, place)
    try:
        disk.sync_folder(place.parent)
    except Exception as error:  # whatever it is, the plan is there
        log.warning("The plan is in %s, but the disk did not confirm it: %r.", place, error)


def _swap(folder: Path, place: Path) -> None:
    """Put a plan in the place of another where the system cannot exchange them (see `repair`)."""
    previous, journal = repair.previous_of(place), repair.journal_of(place)
    if os.path.lexists(previous):
        raise TargetRefused(f"{previous} is in the way of replacing {place}. Move it, or name another folder.")
    disk.write_file(journal, [b"swap\n"])
    try:
        disk.sync_folder(place.parent)
        os.rename(place, previous)
        os.rename(folder, place)
        with suppress(Exception):  # the new plan is in place, whether the disk confirms it or not
            disk.sync_folder(place.parent)
    finally:
        # After a failure this puts the earlier plan back, after success it removes it; or else the next command does.
        with suppress(Exception):
            repair.mend(place)


def _keep(folder: Path, place: Path) -> Path:
    """Move a refused plan to where it can be looked at."""
    kept = place.with_name(f"{place.name}.refused-{folder.name.rpartition('-')[2]}")
    os.rename(folder, kept)
    return kept
