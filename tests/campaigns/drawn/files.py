"""A drawn instance in the forms in which it may come: a workbook with every cell as text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.campaigns.drawn.rule import Drawn


def write_workbook(path: Path, drawn: Drawn) -> None:
    """One sheet for each table, settings on the sheet `instance`."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("instance")
    for row, (key, value) in enumerate([("key", "value"), *_settings(drawn.settings)]):
        sheet.write_string(row, 0, key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, 1, value)
        else:
            sheet.write_string(row, 1, str(value))
    for name, of in drawn.tables.items():
        sheet = book.add_worksheet(name)
        for column, (header, cells) in enumerate(of.items()):
            for row, cell in enumerate([header, *cells]):
                sheet.write_string(row, column, cell)
    book.close()


def _settings(settings: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        pair
        for key, value in settings.items()
        for pair in (
            [(f"{key}.{one}", cell) for one, cell in value.items()] if isinstance(value, Mapping) else [(key, value)]
        )
    ]
