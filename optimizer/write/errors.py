"""Errors of publication: each is one sentence for the planner."""

import errno
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission is denied, or a file in it is open in another program",
    errno.EPERM: "permission is denied",
    errno.EBUSY: "it is in use, or a mounted volume (name a folder inside it)",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOTDIR: "part of its path is a file",
    errno.EEXIST: "part of its path is a file",
}


class PublishError(Exception):
    """A plan could not be published; what was there before is whole."""


class TargetRefused(PublishError):
    """The output folder is not one that a plan may replace: the call must be changed."""


class AuditRefused(PublishError):
    """The audit found violations in the files as written.

    Attributes:
        violations: what the audit returned.
        kept: where the refused plan was kept to be looked at; None where it was removed.
    """

    def __init__(self, violations: Sequence[Any], kept: Path | None = None) -> None:
        self.violations = violations
        self.kept = kept
        where = f" It was kept in {kept}." if kept else ""
        super().__init__(
            f"The plan failed its own audit ({len(violations)} violations; first: {violations[0]}). "
            f"Nothing was published.{where}"
        )


def not_written(folder: Path, error: OSError) -> PublishError:
    """The sentence for a failure of the disk or the file system."""
    reason = REASONS.get(error.errno or 0) or error.strerror or str(error)
    there = False
    with suppress(OSError):
        there = folder.is_dir()
    kept = " The earlier plan there is untouched." if there else ""
    return PublishError(f"The plan could not be written to {folder}: {reason}. Nothing was published.{kept}")
