"""Workbook: the plan as `plan.xlsx`, for people.

Every cell is a text, a number or a date; there is no formula and no live link in it, whatever the ids look like.
Rows are written one after the other and kept on the disk, not in memory; what they are packed to is in memory until it
is whole, so that a failure leaves no half-written file that somebody still holds open. For one plan the file is the
same byte for byte: its date is the start of the run.
"""

import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from optimizer.report.shown import Shown
from optimizer.results.plan import Plan
from optimizer.write import disk
from optimizer.write.sheets import SHEETS
from optimizer.write.sheets.book import Book

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def write_workbook(shown: Shown, warnings: Sequence[str], path: Path) -> None:
    """Write `plan.xlsx`.

    Args:
        shown: the plan, and what is put together from it.
        warnings: what to warn of on the first sheet.
        path: the new file, which is on the disk afterwards; what is written on the way stands in its folder, and is
            removed.

    Raises:
        OSError: it could not be written.
    """
    plan, packed = shown.plan, _Packed()
    workbook = xlsxwriter.Workbook(packed, {**OPTIONS, "tmpdir": str(path.parent)})
    try:
        workbook.set_properties({"title": plan.name, "comments": "Written by replenish", "created": created(plan)})
        book = Book(workbook, shown, tuple(warnings))
        for write_sheet in SHEETS:
            write_sheet(book)
        workbook.close()
    except XlsxWriterException as error:
        cause = next((cause for cause in error.args if isinstance(cause, OSError)), None)
        if cause is None:
            raise
        raise cause from error
    finally:
        _abandon(workbook)
    disk.write_file(path, [packed.getbuffer()])


class _Packed(io.BytesIO):
    """Bytes that stay open: after a failure the archive still wants to end itself in them, whenever that is."""

    def close(self) -> None:
        """Nothing: there is no file behind it."""


def created(plan: Plan) -> datetime:
    """When the run started, in UTC; a fixed day where it does not say."""
    with suppress(KeyError, TypeError, ValueError):
        moment = datetime.fromisoformat(plan.run["start"])
        return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment.tzinfo else moment
    return datetime(2000, 1, 1)


def _abandon(workbook: xlsxwriter.Workbook) -> None:
    """Close what a failure left open, so that nothing is written to the disk later."""
    workbook.fileclosed = True
    for sheet in workbook.worksheets():
        file = getattr(sheet, "row_data_fh", None)
        if file is not None:
            with suppress(OSError, ValueError):
                file.close()
