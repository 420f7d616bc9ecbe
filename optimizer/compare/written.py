"""Written: a comparison as a folder of CSV tables; a new folder, an empty one, or an earlier comparison."""

import os
from pathlib import Path
from typing import Any

from optimizer.compare.comparison import Comparison
from optimizer.compare.why import Attribution
from optimizer.write import disk
from optimizer.write.documents import as_json
from optimizer.write.errors import PublishError, TargetRefused
from optimizer.write.tables import written

DOCUMENT = "comparison.json"


def document(comparison: Comparison, reasons: Attribution | None = None) -> dict[str, Any]:
    """What `--json` tells."""
    return comparison.document() | ({} if reasons is None else {"why": reasons.document()})


def write(comparison: Comparison, folder: Path, reasons: Attribution | None = None) -> None:
    """Write `accounts.csv`, `orders.csv`, `lines.csv` and `comparison.json`.

    Raises:
        TargetRefused: something else is there.
        PublishError: it could not be written.
    """
    files = {f"{name}.csv": written(frame).blocks() for name, frame in comparison.tables().items()}
    names = {*files, DOCUMENT}
    try:
        if folder.exists() and (not folder.is_dir() or set(os.listdir(folder)) - names):
            raise TargetRefused(f"{folder} holds something else than a comparison, and is left as it is.")
        folder.mkdir(parents=True, exist_ok=True)
        with disk.temporary(folder) as scratch:
            for name, blocks in {**files, DOCUMENT: [as_json(document(comparison, reasons))]}.items():
                disk.write_file(scratch / name, blocks)
            for name in names:
                os.replace(scratch / name, folder / name)
    except OSError as error:
        raise PublishError(f"The comparison could not be written to {folder}: {error.strerror or error}.") from error
