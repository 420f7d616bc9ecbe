"""Pages: `report.html` of a plan, and pages that are asked for, each put in place in one step.

A page may take the place of nothing, or of a page of ours.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from optimizer.report.page import plan_page
from optimizer.report.page.document import MARK
from optimizer.report.shown import Shown
from optimizer.write import disk
from optimizer.write.errors import REASONS, PublishError, TargetRefused

NAME = "report.html"
LOOKED_AT = 4096  # bytes from the start, in which the mark of our pages stands


def report_of(shown: Shown, warnings: Sequence[str]) -> bytes:
    """The plan's page as it is written."""
    return plan_page(shown, warnings).encode()


def put(page: str, path: Path) -> None:
    """Write a page, whole or not at all.

    Raises:
        TargetRefused: there is a file that is no page of ours, or a folder.
        PublishError: it could not be written.
    """
    check(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with disk.temporary(path) as folder:
            disk.write_file(folder / NAME, [page.encode()])
            os.replace(folder / NAME, path)
    except OSError as error:
        reason = REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise PublishError(f"The report could not be written to {path}: {reason}.") from error


def check(path: Path) -> None:
    """See that a page may be put there.

    Raises:
        TargetRefused: there is a file that is no page of ours, or a folder.
    """
    if not os.path.lexists(path):
        return
    try:
        with open(path, "rb") as file:
            ours = MARK.encode() in file.read(LOOKED_AT)
    except OSError:
        ours = False
    if not ours:
        raise TargetRefused(f"{path} is not a report, and is left as it is. Name another file.")
