"""Findings: what is wrong, or looks wrong, in the planner's tables, said where it stands and what would be right."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """A fault stops the run; a warning is shown beside the plan."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        severity: fault or warning.
        rule: a short name of what was checked ("overlapping rows"), the same for every finding of its kind.
        message: what is wrong and what would be right, in the planner's words, without file or row.
        table: the table; "" where it is the instance as a whole.
        row: row of `Records` (0 is the first row below the header); None where no single row is meant.
        column: the column; "" where no single one is meant.
        value: the cell's text or number, as it would be shown to the user.
    """

    severity: Severity
    rule: str
    message: str
    table: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""


def fault(
    rule: str, message: str, *, table: str = "", row: int | None = None, column: str = "", value: object = ""
) -> Finding:
    """A finding that stops the run."""
    return Finding(Severity.FAULT, rule, message, table, row, column, shown(value))


def warning(
    rule: str, message: str, *, table: str = "", row: int | None = None, column: str = "", value: object = ""
) -> Finding:
    """A finding to be shown beside the plan."""
    return Finding(Severity.WARNING, rule, message, table, row, column, shown(value))


def shown(value: object) -> str:
    """A number as a person would write it: 12 and not 12.0; texts as they are."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)
