"""Target: the folder a plan goes to, and whether it may be replaced.

A plan may take the place of nothing, of an empty folder, and of an earlier plan of ours that holds nobody else's files.
"""

import json
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from optimizer.write.errors import TargetRefused

PRODUCT = "replenish"
PLAN = "plan.json"  # the file by which a plan's folder is known
KINDS = {PLAN: "a plan", "tune.json": "a result of tuning"}  # what folders of ours are, by that file
# What Excel, LibreOffice and file managers leave.
LITTER = re.compile(r"~\$.*|\.~lock\..*#|\.DS_Store|Thumbs\.db|desktop\.ini")
WHAT_IF = "-what-if"  # plans of changed tables go to a folder of their own: `latest` is never one of them
RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")  # names that Windows does not let a folder have


def resolved(out: Path) -> Path:
    """The folder itself: absolute, links followed, so that a link stays and what it points to is replaced.

    Raises:
        TargetRefused: it has no name of its own (a root), or its links go in a circle.
    """
    try:
        out = out.expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise TargetRefused(f"{out} cannot be followed: {error}.") from error
    if not out.name:
        raise TargetRefused(f"{out} cannot be a plan: name a folder that is new, or an earlier plan.")
    return out


def of_run(name: str, base: Path, now: datetime | None = None) -> Path:
    """Where a run goes that nobody gave a place: BASE/NAME/RUN; runs sort by the time at which they were published."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    run = f"{moment:%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03d}Z-{secrets.token_hex(2)}"
    return resolved(base / folder_name(name) / run)


def folder_name(name: str) -> str:
    """A name that any system lets a folder have and that climbs nowhere: letters, digits, `.`, `_`, `-`."""
    safe = re.sub(r"[^\w.-]+", "-", name).strip(".-")
    safe = safe.encode()[:80].decode(errors="ignore").rstrip(".-")
    if not safe or RESERVED.fullmatch(safe):
        return f"plan-{safe}".rstrip("-")
    return safe


def check(out: Path, document: str = PLAN) -> None:
    """See that a plan, or what else is known by a document, may be put at `out`.

    Raises:
        TargetRefused: something is there that a plan must not replace.
        OSError: it cannot be looked at.
    """
    kind = KINDS[document]
    earlier = kind.replace("a ", "an earlier ", 1)
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise TargetRefused(f"{out} is a file. Name a folder that is new, or {earlier}.")
    present = set(os.listdir(out))
    if not present:
        return
    ours = files_of(out, document)
    if ours is None:
        raise TargetRefused(f"{out} is not {kind}, and is left as it is. Name a new folder, or {earlier}.")
    foreign = sorted(name for name in present - ours if not LITTER.fullmatch(name))
    if foreign:
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        raise TargetRefused(
            f"{out} is {earlier}, but holds what {kind.replace('a ', 'no ', 1)} does ({', '.join(foreign[:3])}{more}), "
            "which would be lost. Move that elsewhere, or name another folder."
        )


def files_of(folder: Path, document: str = PLAN) -> set[str] | None:
    """Names of what a plan of ours consists of, as its `run.json` says; None where it is not one."""
    try:
        run = json.loads((folder / "run.json").read_bytes())
        if not (folder / document).is_file() or run["product"] != PRODUCT:
            return None
        return {"run.json", *(name.partition("/")[0] for name in run["files"])}
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError, RecursionError):
        return None
