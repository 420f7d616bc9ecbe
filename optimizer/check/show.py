"""Show: findings in a terminal, grouped by file; one line each where it is no terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from optimizer.read import Located

MOST_OF_A_KIND = 5  # shown of one rule in one column


def show(findings: Sequence[Located], console: Console) -> None:
    """Print faults, then warnings.

    In a terminal: one table per file, and of a kind the first few. Elsewhere every finding is one line, so that it can
    be searched and counted.
    """
    ordered = sorted(findings, key=lambda finding: not finding.is_fault)
    if not console.is_terminal:
        for finding in ordered:
            console.print(Text(f"{finding.severity.value}: {one_line(str(finding))}"), soft_wrap=True)
        return
    for where in dict.fromkeys(finding.where for finding in ordered):
        console.print(_table(where, [finding for finding in ordered if finding.where == where]))


def counted(findings: Iterable[Located]) -> str:
    """`2 faults, 1 warning`."""
    findings = list(findings)
    faults = sum(finding.is_fault for finding in findings)
    warnings = len(findings) - faults
    return f"{_many(faults, 'fault')}, {_many(warnings, 'warning')}"


def _many(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _table(where: str, findings: list[Located]) -> Table:
    table = Table(title=escape(where or "instance"), title_justify="left", title_style="bold", expand=False)
    table.add_column("")
    table.add_column("row", justify="right")
    table.add_column("column")
    table.add_column("what is to be done", overflow="fold")
    shown: dict[tuple[str, str], int] = {}
    for finding in findings:
        kind = (finding.rule, finding.column)
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] > MOST_OF_A_KIND:
            continue
        style = "red" if finding.is_fault else "yellow"
        row = "" if finding.row is None else str(finding.row)
        table.add_row(
            Text(finding.severity.value, style=style),
            row,
            Text(one_line(finding.column)),
            Text(one_line(finding.message)),
        )
    more = sum(count - MOST_OF_A_KIND for count in shown.values() if count > MOST_OF_A_KIND)
    if more:
        table.caption = f"and {more:,} more of these kinds; all of them: replenish check INSTANCE | more"
    return table


def one_line(text: str) -> str:
    """Text without line ends and control characters, which could rewrite the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
