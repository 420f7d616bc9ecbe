"""Headers: which columns of a sheet are declared, which are missing, which are spelled otherwise."""

from models.tables import Column, Table
from optimizer.read.cells import default_in_words
from optimizer.read.located import Findings
from optimizer.read.source import Sheet
from optimizer.read.spelling import Names, listed

CLOSE = 0.6  # likeness (difflib) at which a header is taken for a required column that is missing
VERY_CLOSE = 0.75  # and for one that may be missing


def check_headers(table: Table, sheet: Sheet, findings: Findings) -> dict[str, int]:
    """Place of each declared header that is there.

    A header that differs from a declared one only in case, spaces or punctuation is a fault, and so is one that is
    like a required column that is missing. Any other is the user's own, and told.
    """
    declared = {column.name: column for column in table.all_columns}
    places = {header: k for k, header in enumerate(sheet.headers) if header in declared}
    meant: set[str] = set()
    own = []
    for k, header in enumerate(sheet.headers):
        if not header and any(sheet.cells[k]):
            findings.warn("header", f"column {k + 1} has no header, and is not read", sheet.where, table=table.name)
        if not header or header in places:
            continue
        column = _meant(
            header, [column for name, column in declared.items() if name not in places and name not in meant]
        )
        if column is None:
            own.append(header)
            continue
        meant.add(column.name)
        message = f"column '{header}' is not read; did you mean '{column.name}'?"
        if column.required or Names([column.name]).same(header):
            findings.fault("header", message, sheet.where, column=header, table=table.name)
        else:
            default = f" Without it, every row has the default ({default_in_words(column)})"
            findings.warn("undeclared column", message + default, sheet.where, column=header, table=table.name)
    _tell_own(own, sheet, findings)
    for name, column in declared.items():
        if column.required and name not in places and name not in meant:
            unit = f" ({column.unit})" if column.unit else ""
            findings.fault("header", f"column '{name}'{unit} is missing", sheet.where, column=name, table=table.name)
    return places


def _meant(header: str, missing: list[Column]) -> Column | None:
    """The declared column, not there itself, that a header is like."""
    names = Names(column.name for column in missing)
    required = Names(column.name for column in missing if column.required)
    near = names.nearest(header, VERY_CLOSE) or required.nearest(header, CLOSE)
    return next((column for column in missing if column.name == near), None)


def _tell_own(own: list[str], sheet: Sheet, findings: Findings) -> None:
    """One warning for the columns that nobody declared."""
    if not own:
        return
    plural = len(own) > 1
    names = listed(f"'{header}'" for header in own)
    message = f"columns {names} are not read: {sheet.table} has no such columns"
    if not plural:
        message = f"column {names} is not read: {sheet.table} has no such column"
    findings.warn("undeclared column", message, sheet.where, column="" if plural else own[0], table=sheet.table)
