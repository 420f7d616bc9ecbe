"""Located findings: what is wrong or odd, with the file, the row as an editor counts it, and the column."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.findings import Severity

MOST_OF_A_KIND = 100  # findings of one kind in one column that are told one by one; the others are counted


@dataclass(frozen=True, slots=True)
class Located:
    """One finding and where it stands.

    Attributes:
        severity: a fault stops the run; a warning is shown beside the plan.
        rule: a short name of what was checked, the same for every finding of its kind.
        message: what is wrong and what would be right, in the planner's words.
        where: "sourcing.csv", "plan.xlsx, sheet sourcing", "DataFrame sourcing"; "" for the instance as a whole.
        row: as the user's editor counts it (the header is row 1; in a DataFrame, its position); None for no single row.
        column: the header, or the key of a setting; "" for no single one.
        value: the cell's text.
        table: name of the table; "" where it is none.
    """

    severity: Severity
    rule: str
    message: str
    where: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    table: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it stops the run."""
        return self.severity is Severity.FAULT

    @property
    def place(self) -> str:
        """`sourcing.csv, row 12, column lead_time`, as far as it is known."""
        row = "" if self.row is None else f"row {self.row}"
        column = f"{'column' if self.table else 'key'} {self.column}" if self.column else ""
        return ", ".join(part for part in (self.where, row, column) if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class Findings:
    """Collects findings while an instance is read."""

    def __init__(self) -> None:
        self.all: list[Located] = []

    def fault(
        self,
        rule: str,
        message: str,
        where: str = "",
        row: int | None = None,
        column: str = "",
        *,
        value: str = "",
        table: str = "",
    ) -> None:
        """Add a finding that stops the run."""
        self.all.append(Located(Severity.FAULT, rule, message, where, row, column, value, table))

    def warn(
        self,
        rule: str,
        message: str,
        where: str = "",
        row: int | None = None,
        column: str = "",
        *,
        value: str = "",
        table: str = "",
    ) -> None:
        """Add a finding to be shown beside the plan."""
        self.all.append(Located(Severity.WARNING, rule, message, where, row, column, value, table))

    @property
    def faults(self) -> list[Located]:
        """Those that stop the run."""
        return [finding for finding in self.all if finding.is_fault]

    @property
    def warnings(self) -> list[Located]:
        """The others."""
        return [finding for finding in self.all if not finding.is_fault]


class InputFaults(Exception):
    """The input has faults that the user can mend.

    Attributes:
        findings: every fault, then every warning.
        partial: what could be read (`Input` of the sound rows), for further checks; None where that is too little.
    """

    def __init__(self, findings: Sequence[Located], partial: object = None) -> None:
        self.findings = sorted(findings, key=lambda finding: not finding.is_fault)
        self.partial = partial
        super().__init__(self.findings)

    @property
    def faults(self) -> list[Located]:
        """The findings that stop the run."""
        return [finding for finding in self.findings if finding.is_fault]

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
