"""The command line: thin, with the exit codes of docs/commands.md.

0 a plan is published; 1 the input has faults that its owner can mend; 2 the call is wrong; 3 our own failure.
"""

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from models import schema
from optimizer.check import check as check_instance
from optimizer.check.show import counted, show
from optimizer.formulation import Formulation
from optimizer.planning import make, publish_plan, settled, taken_from
from optimizer.read import Input, InputFaults, default_declarations, read
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.new import new as new_instance
from optimizer.read.reference import reference
from optimizer.report import busy, progress, summary
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.solve.highs import Infeasible, SolverError
from optimizer.solve.signals import taken
from optimizer.write import AuditRefused, PublishError, TargetRefused, prepare, repair

PUBLISHED, FAULTY, WRONG_CALL, FAILED = 0, 1, 2, 3
STOPPED = 130  # by Ctrl-C before there was anything to publish: the shell's own code for it

app = typer.Typer(
    name="replenish",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Plan replenishment: what to order, from whom, how much, and who gets what is scarce.",
    epilog="Start with: replenish new my-data, replenish check my-data, replenish plan my-data",
)  # fmt: skip
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

InstancePath = Annotated[
    Path, typer.Argument(metavar="INSTANCE", help="A folder with instance.toml and CSV tables, or a workbook.")
]


@app.command(epilog="Example: replenish plan instances/quickstart -o my-plan --time-limit 60")
def plan(
    instance: InstancePath,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Where the plan goes. [default: plans/NAME/RUN]"),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Stop when the plan is proven within this share of the best. [default: the instance's]",
        ),
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(min=0.0, metavar="SECONDS", help="Stop then. [default: the instance's]")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of everything random. [default: the instance's]")] = None,
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="That may be used; by default all. They change a plan only where time cuts it off."),
    ] = None,
    formulation: Annotated[
        Formulation | None,
        typer.Option(help="How the model is written: it changes no optimum. [default: the instance's]"),
    ] = None,
    warm_start: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN",
            help="Begin from an earlier plan: its folder. The tables may have changed since: orders are matched by "
            "item, supplier, location and period, and items with changed rows are decided again first. "
            "Example: replenish plan my-data --warm-start plans/my-data/latest",
        ),
    ] = None,
    keep_refused: Annotated[
        bool, typer.Option("--keep-refused", help="Keep a plan that failed its audit, beside the target, to look at.")
    ] = False,
) -> None:
    """Plan an instance and publish the plan.

    Ctrl-C stops early and publishes the best plan found so far.
    """
    try:
        with Engine() as engine:
            if output is not None:
                repair(output)  # whatever becomes of this run, the last plan is whole again
            if warm_start is not None:
                repair(warm_start)
            earlier = None if warm_start is None else taken_from(warm_start)
            with busy("reading", err):
                source = read(instance)
            prepare(source.name, output)
            with progress(err) as tell:
                asked_for = settled(source, gap, time_limit, seed, threads, formulation)
                made = make(source, asked_for, engine, tell, earlier)
            published = _published(source, made, output, keep_refused)
    except KeyboardInterrupt:
        _fail("Stopped before there was a plan; nothing was published.", STOPPED)
    _tell_of(published)


@app.command(epilog="Example: replenish check instances/quickstart")
def check(instance: InstancePath) -> None:
    """Read an instance and tell everything that is wrong, or looks wrong; plan nothing."""
    with busy("reading and checking", err):
        report = check_instance(instance)
    show(report.findings, err if report.faults else out)
    out.print(f"{escape(str(instance))}: {counted(report.findings)}")
    if not report.sound:
        raise typer.Exit(FAULTY)


@app.command(epilog="Example: replenish tables --markdown > tables.md")
def tables(
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, with every limit and reference.")] = False,
) -> None:
    """Show every table and column that an instance can have, with units and defaults."""
    text = reference(default_declarations(), schema.results())
    if markdown:
        sys.stdout.write(text)
        return
    for name, table in schema.tables().items():
        out.print(f"\n[bold]{name}[/bold]{' (optional)' if table.optional else ''}  {table.about}")
        for column in table.all_columns:
            star = "*" if column in table.key else " "
            unit = f" [dim]\\[{column.unit}][/dim]" if column.unit else ""
            out.print(f"  {star} {column.name}{unit}  {column.about}", soft_wrap=True)


@app.command(epilog="Example: replenish new my-data")
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")],
    every: Annotated[bool, typer.Option("--all", help="Write the tables of all rules.")] = False,
) -> None:
    """Write an empty instance: the usual tables with their headers and one example row."""
    try:
        files = new_instance(folder, every=every)
    except FileExistsError as error:
        _fail(str(error), WRONG_CALL)
    out.print(
        f"{len(files)} files in {folder}. Put your rows in, delete the tables that you do not need, then: "
        f"replenish check {folder}",
        soft_wrap=True,
    )
    if not every:
        out.print("Further rules have tables of their own: `replenish tables` lists them, `new --all` writes them.")


def _published(source: Input, made: Plan, output: Path | None, keep_refused: bool) -> Plan:
    """Publish; that takes a second, or a minute for 10,000 items, and Ctrl-C does not lose the plan meanwhile."""
    published: Plan | None = None
    try:
        with taken(lambda: None), busy("writing", err) as doing:
            published = publish_plan(source, made, output, keep_refused=keep_refused, doing=doing)
    except Exception:
        if published is None:
            raise
    assert published is not None
    return published


def _tell_of(published: Plan) -> None:
    """The summary; whatever happens to it, the plan is published and the exit code says so."""
    try:
        out.print(summary(published, published.folder))
        sys.stdout.flush()
    except BaseException as error:  # a closed pipe, a full disk, Ctrl-C: rich turns some of them into SystemExit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _say(f"The plan is published in {published.folder}; its summary could not be shown ({error!r}).")
        raise SystemExit(PUBLISHED) from None


def main() -> None:
    """Run the command line; whatever happens ends in one of the exit codes."""
    try:
        app(standalone_mode=True)
    except InputFaults as faults:
        show(faults.findings, err)
        err.print(f"Nothing was planned: {counted(faults.findings)}.")
        raise SystemExit(FAULTY) from None
    except Infeasible:
        _fail(
            "The solver says that no plan keeps all rules, and no rule could be found that is to blame: a failure of "
            "ours. Nothing was published.",
            FAILED,
        )
    except AuditRefused as refused:
        _fail(f"{refused}", FAILED)
    except (TargetRefused, NoEarlierPlan) as refused:
        _fail(f"{refused}", WRONG_CALL)
    except (PublishError, SolverError) as failure:
        _fail(f"{failure}", FAILED)
    except MemoryError:
        _fail("There is too little memory for this. Nothing was published; an earlier plan is untouched.", FAILED)
    except OSError as error:
        _fail(
            f"The system failed: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}. "
            "Nothing was published; an earlier plan is untouched.",
            FAILED,
        )
    except Exception:  # a fault of ours that nobody foresaw: the batch that called must not take it for one of the data
        traceback.print_exc()
        _fail(
            "This is our own failure, not one of your data. Nothing was published; an earlier plan is untouched.",
            FAILED,
        )


def _fail(message: str, code: int) -> NoReturn:
    _say(message)
    raise SystemExit(code)


def _say(message: str) -> None:
    with suppress(OSError):
        err.print(message, markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
