"""Mutants that no test can tell from the original, and why: by name, as `tests.campaigns.mutants` prints them."""

EQUIVALENT: dict[str, str] = {
    "optimizer/audit/shelf_life.py: asks = least.get(row.customer, 0) + row.delivery_period - flow.period: 0 to -1": (
        "no batch is left that has expired, so that asking for a period less finds no other"
    ),
    "optimizer/audit/book/plan.py: records.extend(map(make, zip(rows, *values, strict=True))): True to False": (
        "all columns of a piece have one length"
    ),
    "optimizer/audit/book/plan.py: for row, own in zip(rows, cells, strict=True):: True to False": (
        "rows are counted as cells are read: both have one length"
    ),
    "optimizer/audit/book/plan.py: "
    "values = [list(map(texts.__getitem__, own)) for texts, own in zip(known, by_column, strict=False)]: "
    "False to True": ("where there are further columns, the rows are read one by one then, with the same result"),
    "optimizer/read/csv_file.py: parts = {other: headers[0].split(other) for other in DELIMITERS if other != delimiter "
    "and other in headers[0]}: 0 to -1": "there is one header: its first is its last",
    'optimizer/write/sheets/overview.py: self.cells([text, "", "", "", ""], ["heading"] * 5): 5 to 6': (
        "a style more than there are cells is never used"
    ),
}
