"""`replenish plan`: plan an instance and publish the plan."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands import options, terminal
from optimizer.compare.baseline import BaselineRule, with_baseline
from optimizer.compare.horizon import calendar_of
from optimizer.compare.promises import with_promises
from optimizer.planning import make, publish_plan, settled, taken_from
from optimizer.read import Input, read
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.published import Published
from optimizer.read.published import published as plan_of
from optimizer.read.what_if import applied, parsed
from optimizer.report import busy, progress, summary
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.solve.signals import taken
from optimizer.write import prepare, repair
from optimizer.write.publish import run_name

EXAMPLE = "replenish plan instances/quickstart -o my-plan --time-limit 60"


def plan(
    instance: options.InstancePath,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Where the plan goes. \\[default: plans/NAME/RUN]"),
    ] = None,
    gap: options.Gap = None,
    time_limit: options.TimeLimit = None,
    seed: options.Seed = None,
    threads: options.Threads = None,
    formulation: options.AskedFormulation = None,
    warm_start: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN",
            help="Begin from an earlier plan: its folder. The tables may have changed since: orders are matched by "
            "item, supplier, location and period, and items with changed rows are decided again first. "
            "Example: replenish plan my-data --warm-start plans/my-data/latest",
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN",
            help="Tell whose promise is another one than in this plan, in promise_changes.csv. "
            "\\[default: the plan of --warm-start]",
        ),
    ] = None,
    baseline: Annotated[
        BaselineRule | None,
        typer.Option(help="Have what a plan by this rule would cost audited; else it is estimated."),
    ] = None,
    changes: options.Changes = None,
    keep_refused: Annotated[
        bool, typer.Option("--keep-refused", help="Keep a plan that failed its audit, beside the target, to look at.")
    ] = False,
) -> None:
    """Plan an instance and publish the plan.

    Ctrl-C stops early and publishes the best plan found so far.
    """
    try:
        with Engine() as engine:
            repair(output, warm_start, since)  # whatever becomes of this run, the last plan is whole again
            earlier = None if warm_start is None else taken_from(warm_start)
            before = _before(since, warm_start)
            what_if = [parsed(text) for text in changes or ()]
            with busy("reading", terminal.err):
                source = applied(read(instance), what_if)
            prepare(run_name(source.name, source.changes), output)
            with progress(terminal.err) as tell:
                asked_for = settled(source, gap, time_limit, seed, threads, formulation)
                made = make(source, asked_for, engine, tell, earlier)
            with taken(lambda: None):  # there is a plan now: Ctrl-C does not lose it
                made = made if before is None else with_promises(made, before)
                made = with_baseline(made, source, baseline)
            published = _published(source, made, output, keep_refused)
    except KeyboardInterrupt:
        terminal.fail("Stopped before there was a plan; nothing was published.", terminal.STOPPED)
    _tell_of(published)


def _before(since: Path | None, warm_start: Path | None) -> Published | None:
    """The plan since when promises are told; a warm start may be from a folder that tells less, then from none."""
    folder = since or warm_start
    if folder is None:
        return None
    try:
        plan = plan_of(folder)
        calendar_of(plan)
        return plan if plan.tables else None  # read now: it may be the one that is replaced
    except NoEarlierPlan:
        if since is not None:
            raise
        return None


def _published(source: Input, made: Plan, output: Path | None, keep_refused: bool) -> Plan:
    """Publish; that takes a second, or a minute for 10,000 items, and Ctrl-C does not lose the plan meanwhile."""
    published: Plan | None = None
    try:
        with taken(lambda: None), busy("writing", terminal.err) as doing:
            published = publish_plan(source, made, output, keep_refused=keep_refused, doing=doing)
    except Exception:  # what fails after the plan is in place does not take it back
        if published is None:
            raise
    assert published is not None
    return published


def _tell_of(published: Plan) -> None:
    """The summary; whatever happens to it, the plan is published and the exit code says so."""
    try:
        terminal.out.print(summary(published, published.folder))
        sys.stdout.flush()
    except BaseException as error:  # a closed pipe, a full disk, Ctrl-C: rich turns some of them into SystemExit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        terminal.say(f"The plan is published in {published.folder}; its summary could not be shown ({error!r}).")
        raise SystemExit(terminal.PUBLISHED) from None
