"""Campaign: runs one after the other, each recorded when it ends, with a display; what is recorded is not run again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.results import Run, append_run, controllable_gap, gap, read_runs
from benchmarks.runners import Tick


@dataclass(frozen=True)
class Job:
    """A run that is to be made.

    Attributes:
        key: as `Run.key`.
        title: for the display.
        run: makes it.
    """

    key: tuple[str, str, float, int, str]
    title: str
    run: Callable[[Tick], Run]


def carry_out(jobs: Iterable[Job], results: Path, *, again: bool = False, console: Console | None = None) -> list[Run]:
    """Make the runs that the file of results does not have yet.

    Args:
        jobs: in the order in which they are run.
        results: file to which each run is added when it ends.
        again: make those that it has, too.
        console: for the display; default standard error.

    Returns:
        The runs of the jobs, old and new.
    """
    wanted = list(jobs)
    known = {} if again else {run.key: run for run in read_runs(results)}
    console = console or Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    found: list[Run] = []
    with Progress(*columns, console=console, transient=True, refresh_per_second=2) as display:
        task = display.add_task("", total=len(wanted))
        for job in wanted:
            run = known.get(job.key)
            if run is None:

                def tick(seconds: float, megabytes: float, title: str = job.title) -> None:
                    display.update(task, description=f"{escape(title)}  {seconds:,.0f} s  {megabytes:,.0f} MB")

                tick(0.0, 0.0)
                run = job.run(tick)
                append_run(results, run)
                console.print(line(run), markup=False, soft_wrap=True)
            found.append(run)
            display.advance(task)
    return found


def line(run: Run) -> str:
    """A run in one line."""
    plan = "no plan" if run.plan is None else f"plan {run.plan:,.0f}"
    bound = "no bound" if run.bound is None else f"bound {run.bound:,.0f}"
    gaps = f"gap {percent(gap(run.plan, run.bound))} ({percent(controllable_gap(run))} controllable)"
    used = f"{run.wall:,.1f} s  CPU {run.cpu:,.1f} s  {run.peak_mb:,.0f} MB"
    name = f"{run.solver} without {run.without}" if run.without else run.solver
    return f"{run.instance:24} {name:20} {plan}  {bound}  {gaps}  {used}  {run.note}".rstrip()


def percent(share: float | None, digits: int = 2) -> str:
    """A share as text; a dash for none."""
    if share is None:
        return "–"
    return f"{100 * share:.{digits}f}%" if share <= 1 else "over 100%"
