"""`replenish tune`: what penalties lead to, and which penalties lead to what is wanted."""

import json
import threading
from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.commands import options, terminal
from optimizer.planning import settled
from optimizer.read import Input, read
from optimizer.read.what_if import applied, parsed
from optimizer.report import busy, progress
from optimizer.solve.engine import Engine
from optimizer.solve.signals import taken
from optimizer.tune.answer import tuned_target
from optimizer.tune.decisions import Decisions
from optimizer.tune.fairness import Fairness
from optimizer.tune.folder import BASE, DOCUMENT, document, publish_result
from optimizer.tune.frontier import Contradiction, tuned_sweep
from optimizer.tune.refused import TuneRefused
from optimizer.tune.result import Tuned
from optimizer.tune.run import Run
from optimizer.tune.service import penalties, service
from optimizer.tune.shown import shown
from optimizer.tune.stability import stability
from optimizer.tune.sweep import Scale, path, ranged, swept
from optimizer.tune.target import Sought, Target, wanted
from optimizer.tune.trials import Trials
from optimizer.write import prepare, repair
from optimizer.write.documents import plain

EXAMPLE = "replenish tune instances/quickstart --vary backorder_cost=0.1..2 --steps 10 --gap 0.01 -o my-frontier"
Frontier = Literal["fairness", "stability"]
TIMES = 5.0  # the whole may take so many times what the instance allows one plan


def tune(
    instance: options.InstancePath,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=LOW..HIGH",
            help="Sweep a penalty: its cells are multiplied by factors from LOW to HIGH; of a setting (costs.…), its "
            "values. May be given again: all move together. Examples: --vary backorder_cost=0.5..5, "
            "--vary 'items\\[class=A].shortage_cost=1..4', --vary customers.weight=0.5..2",
        ),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RATE=SHARE",
            help="Find the smallest factor on penalties that reaches a fill rate. May be given again. Examples: "
            "--target fill_rate=0.97, --target 'fill_rate_on_time\\[item_class=A]=0.9'",
        ),
    ] = None,
    frontier: Annotated[
        Frontier | None,
        typer.Option(
            help="A frontier of something else: cost against the worst customer's fill rate (fairness), or against the "
            "number of order lines changed from last week's plan (stability)."
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN",
            help="With --vary: the factors at which the orders of this plan are nearest to the best. You may have "
            "edited its purchase_orders.csv.",
        ),
    ] = None,
    last_plan: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN", help="With --frontier stability: last week's plan. \\[default: the instance's last_plan]"
        ),
    ] = None,
    changes: options.Changes = None,
    steps: Annotated[int, typer.Option(metavar="N", help="Points of a sweep.")] = 20,
    scale: Annotated[Scale, typer.Option(help="Points of a sweep at even distances, or in equal ratios.")] = "even",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Where the result goes. \\[default: tuned/NAME/RUN]"),
    ] = None,
    gap: options.Gap = None,
    time_limit: options.TimeLimit = None,
    seed: options.Seed = None,
    threads: options.Threads = None,
    formulation: options.AskedFormulation = None,
    as_json: options.AsJson = False,
) -> None:
    """Tune penalties: sweep them for cost against service, or find those that reach a fill rate.

    Ctrl-C stops early and publishes the points that are there.
    """
    if sum(map(bool, (vary, target, frontier))) != 1:
        terminal.fail(
            "Say what to tune: --vary NAME=LOW..HIGH, --target RATE=SHARE or --frontier fairness|stability.",
            terminal.WRONG_CALL,
        )
    if decisions is not None and not vary:
        terminal.fail("--decisions goes with --vary NAME=LOW..HIGH.", terminal.WRONG_CALL)
    if last_plan is not None and frontier != "stability":
        terminal.fail("--last-plan goes with --frontier stability.", terminal.WRONG_CALL)
    try:
        repair(output, decisions, last_plan)
        what_if = [parsed(text) for text in changes or ()]
        with busy("reading", terminal.err):
            source = applied(read(instance), what_if)
        prepare(source.name, output, BASE, DOCUMENT)
        limit = TIMES * source.solve.time_limit if time_limit is None else time_limit
        asked = settled(source, gap, limit, seed, threads, formulation)
        stop = threading.Event()
        with taken(stop.set), progress(terminal.err) as tell:
            run = Run(asked, Engine, stop.is_set, tell)
            if vary and decisions is not None:
                result = _decided(source, vary, decisions, run)
            elif vary:
                result = _swept(source, vary, steps, scale, run)
            elif target:
                result = _sought(source, target, run)
            elif frontier == "fairness":
                result = Fairness(source, run, steps).solve()
            else:
                result = stability(source, last_plan, run, steps)
        with taken(lambda: None), busy("writing and auditing", terminal.err):
            folder = publish_result(result, output)
    except TuneRefused as refused:
        terminal.fail(f"{refused}", terminal.WRONG_CALL)
    except Contradiction as failure:
        terminal.fail(f"{failure}", terminal.FAILED)
    except KeyboardInterrupt:
        terminal.fail("Stopped before there was anything to publish.", terminal.STOPPED)
    _tell_of(result, folder, as_json)


def _swept(source: Input, texts: list[str], steps: int, scale: Scale, run: Run) -> Tuned:
    ranges = [ranged(source, text) for text in texts]
    positions, factors = path(ranges, steps, scale)
    return tuned_sweep(swept(Trials(source, [one.group for one in ranges], run), positions, factors))


def _decided(source: Input, texts: list[str], folder: Path, run: Run) -> Tuned:
    ranges = [ranged(source, text) for text in texts]
    if any(one.low == 0 for one in ranges):
        raise TuneRefused("ranges of penalties that are sought begin above 0")
    trials = Trials(source, [one.group for one in ranges], run)
    return Decisions(trials, [one.low for one in ranges], [one.high for one in ranges], folder).solve()


def _sought(source: Input, texts: list[str], run: Run) -> Tuned:
    plain_trials = Trials(source, [], run)
    book = plain_trials.whole(plain_trials.own)[1].book
    targets = [Target(service(source, book, name), share) for name, share in map(wanted, texts)]
    sought = Sought(Trials(source, [penalties(source, target.service) for target in targets], run), targets)
    sought.run()
    return tuned_target(sought)


def _tell_of(result: Tuned, folder: Path, as_json: bool) -> None:
    if as_json:
        told = plain({**document(result), "folder": str(folder)})
        terminal.write((json.dumps(told, ensure_ascii=False) + "\n").encode())
        return
    terminal.out.print(shown(result))
    terminal.out.print(f"Result in {folder}", markup=False, soft_wrap=True)
