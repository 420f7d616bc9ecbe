"""Reference: `docs/tables.md` from the declarations of the parts."""

from collections.abc import Iterator, Sequence

from models.tables import Column, Kind, Result, Setting, Table
from optimizer.read.cells import default_in_words, shown_default
from optimizer.read.input import Declarations

HEAD = """# Tables

What goes in and what comes out, as the parts of the model declare it. This page is made by
`replenish tables --markdown`; change the declarations, not the page.

An instance is a folder of CSV files, one per table, with its settings in `instance.toml`; or a workbook with a sheet
per table. Columns marked `*` are the key: no two rows may agree in all of them. An empty cell means the default. Ids
are text, byte for byte. Dates are ISO (`2026-11-23`, or a week, `2026-W48`) and fall into the period that contains
them. How to bring files written otherwise: [input.md](input.md).
"""

SETTINGS_HEAD = """
## Settings

`instance.toml` also holds `name`, `start` (moved back to the first day of its period), `periods`, `period` (`"day"`,
`"week"` or `"month"`; default week) and `currency` (default EUR).

| key | what it is | default |
|---|---|---|
| `solve.gap` | The plan is good enough when this share of its cost is left to gain at most. | 0.01 |
| `solve.time_limit` | Seconds after which the best plan so far is taken. | 300 |
| `solve.threads` | Threads that may be used, by default all. They change a plan only where time cuts it off. | none |
| `solve.formulation` | `plain`, `tight`, or `auto`: what pays at the instance's size. It changes no optimum. | `auto` |
| `solve.seed` | Of the solver's random choices. | 0 |
| `read.delimiter` | Between the cells of a CSV row. | `,` |
| `read.decimal` | Decimal sign of CSV files, `.` or `,`. | `.` |
| `read.thousands` | Sign between groups of three digits in CSV files: `.`, `,`, `'` or a space. | none |
| `read.date_format` | Dates of CSV files, as in `strptime`: `%d.%m.%Y`. | ISO |
| `read.encoding` | Of CSV files: `cp1252`, `utf-16`. | `utf-8` |
| `read.trim` | Take spaces off both ends of ids. | false |
"""


def reference(declared: Declarations, results: Sequence[Result] = ()) -> str:
    """The page, in Markdown.

    Args:
        declared: tables and settings.
        results: result tables.
    """
    lines = [HEAD, "## What goes in"]
    for table in declared.tables.values():
        lines += ["", *_table(table)]
    lines += [SETTINGS_HEAD.rstrip("\n"), *(_setting(setting) for setting in declared.settings)]
    if results:
        lines += [
            "",
            "## What comes out",
            "",
            "Quantities and money are decimal numbers with at most nine decimals, periods their first day.",
        ]
    for result in results:
        lines += [
            "",
            f"### {result.name}.csv{' (where it has rows)' if result.optional else ''}",
            "",
            result.about,
            "",
            "| column | what it is | unit |",
            "|---|---|---|",
        ]
        lines += [f"| `{column.name}` | {_cell(column.about)} | {_cell(column.unit)} |" for column in result.columns]
    return "\n".join(lines) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.name}{' (optional)' if table.optional else ''}"
    yield ""
    if table.about:
        yield table.about
        yield ""
    yield "| column | what it is | cells | default |"
    yield "|---|---|---|---|"
    key = {column.name for column in table.key}
    for column in table.all_columns:
        mark = "*" if column.name in key else ""
        default = "**required**" if column.required else _cell(default_in_words(column))
        yield f"| `{column.name}`{mark} | {_cell(column.about)} | {_cell(_allowed(column))} | {default} |"


def _allowed(column: Column) -> str:
    """What its cells may hold: kind, unit, limits."""
    if column.choices:
        return " or ".join(f"`{choice}`" for choice in column.choices)
    if column.refers:
        return f"an id of {column.refers}"
    if column.kind in (Kind.TEXT, Kind.DATE):
        return str(column.kind.value)
    limits = []
    if column.minimum is not None and (column.positive or column.minimum != 0):
        limits.append(f"above {column.minimum:g}" if column.positive else f"{column.minimum:g} or more")
    if column.maximum is not None:
        limits.append(f"{column.maximum:g} at most")
    if column.minimum is None:
        limits.append("may be negative")
    if column.clip:
        limits.append(f"less counts as {column.minimum:g}")
    return ", ".join([column.unit or column.kind.value, *limits])


def _setting(setting: Setting) -> str:
    default = setting.default_text or ("none" if setting.default is None else shown_default(setting.default))
    unit = f" ({setting.unit})" if setting.unit else ""
    return f"| `{setting.path}` | {_cell(setting.about)}{_cell(unit)} | {_cell(default)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
