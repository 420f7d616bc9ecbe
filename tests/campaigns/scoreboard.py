"""Scoreboard: the rows of what must never go wrong, each with its target and the campaigns that measure it."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """A row: what is measured, what the figure should be, and the modules of this package that measure it."""

    number: int
    about: str
    target: str
    campaigns: tuple[str, ...]


ROWS = (
    Row(1, "input files with bytes, cells, rows changed at random: CSV, workbooks, settings",
        "10,000 files: 0 tracebacks, 0 hangs over 10 s", ("mutated_inputs",)),
    Row(2, "faults planted in sound files, one to five at a time",
        "0 silently accepted; 99% told with file, row, column, value; all in one run", ("bad_inputs",)),
    Row(3, "valid but odd files: marks, encodings, delimiters, workbooks, odd ids",
        "0 refused; ids byte for byte in the plan", ("odd_inputs",)),
    Row(4, "plans over all rules, audited in exact fractions by code that shares nothing with the model",
        "2,000 instances: 0 violations; costs agree to 1e-6", ("audited",)),
    Row(5, "corrupted plans", "1,000 plans: all refused by the audit", ("corrupted_plans",)),
    Row(6, "tiny instances, all of whose plans are enumerated", "1,000 instances: the same optimum",
        ("small_instances",)),
    Row(7, "several solvers and settings, formulations, relaxations, lot by lot and the whole",
        "1,000 instances: no bound above another's plan", ("solvers", "rules", "roads")),
    Row(8, "changes after which the optimum is known", "500 of each kind: 0 breaks beyond the gap", ("metamorphic",)),
    Row(9, "what the solver calls infeasible", "never believed once; the rules that contradict are named",
        ("infeasible",)),
    Row(10, "planted contradictions of hard rules", "300 cases: 95% name rule, item, period; no solver's words",
        ("contradictions",)),
    Row(11, "time limits of 0.1 to 5 s", "300 cases: an audited plan and a bound; overrun of 1 s or 10% at most",
        ("time_limits",)),
    Row(12, "kill -9 at random instants", "500 kills: 0 torn outputs, a rerun completes, nothing left behind",
        ("kill_publication", "kill_run")),
    Row(13, "disk full, I/O errors, read-only folders, no memory, at every n-th call",
        "0 partial publications; the right exit code", ("faults",)),
    Row(14, "the same run again, and twice at once", "100 runs: the same bytes; one whole plan", ("same_run",)),
    Row(15, "exit code, run.json, files and words", "all agree", ("exit_codes",)),
    Row(16, "a worker killed at work", "every result there once", ("kill_worker",)),
    Row(17, "formulas in ids and names", "0 live; numbers stay numbers", ("formulas",)),
    Row(18, "hostile files: bombs, entities, paths that climb, links, SQL and script in ids",
        "0 escapes; refused in 2 s and 300 MB", ("hostile",)),
    Row(19, "the source, read: pickle, eval, shells, SQL from strings; known-vulnerable packages", "0",
        ("source_scan",)),
    Row(20, "peak memory by size", "below a committed ceiling", ("memory",)),
    Row(21, "coefficients of every solve", "largest by smallest at most 1e6, or a warning that names the data",
        ("ranges",)),
    Row(22, "branches covered, and mutants killed, of reader, checker, audit, writer", "100%, 90%",
        ("coverage", "mutants")),
    Row(23, "what explain says an alternative costs, forced in the tables and planned anew",
        "10 orders and 10 demand lines: the same to a millionth", ("explanations",)),
    Row(24, "what explain says a unit more is worth, given in the tables and solved anew",
        "20 values: the same to a millionth", ("marginal_values",)),
)  # fmt: skip


def there(name: str) -> bool:
    """Whether a campaign has been written."""
    return (HERE / f"{name}.py").exists()


def framed() -> list[str]:
    """Campaigns in the common frame, which can run within this process."""
    names = [name for row in ROWS for name in row.campaigns if there(name)]
    return [name for name in names if "\nCAMPAIGN = " in (HERE / f"{name}.py").read_text(encoding="utf-8")]


def row_of(campaign: str) -> Row | None:
    """The row that a campaign belongs to."""
    return next((row for row in ROWS if campaign in row.campaigns), None)
