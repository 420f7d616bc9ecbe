"""Planning: from an instance that was read to a plan that was audited; the one road that every command takes.

read → derive → build, compile → search → collect → audit → publish

`optimizer.crossroads` decides between the ways of searching.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from optimizer.audit import Violation, audit
from optimizer.check import grouped, plausibility
from optimizer.compile import Broken
from optimizer.crossroads import Road, chosen_road
from optimizer.formulation import Formulation
from optimizer.read import Input, InputFaults
from optimizer.read.earlier import read_earlier
from optimizer.results.actions import actions
from optimizer.results.collect import Collected
from optimizer.results.contradictions import contradictions
from optimizer.results.finished import Finished
from optimizer.results.plan import Plan
from optimizer.results.ranges import range_warnings
from optimizer.results.second_opinion import after_all
from optimizer.results.signals import sentences, signals
from optimizer.results.warnings import supply_warnings
from optimizer.roads import Earlier, Solved, solved, solved_otherwise
from optimizer.solve.engine import Engine, Outcome
from optimizer.solve.events import Progress
from optimizer.solve.highs import Infeasible, NoPlan, version
from optimizer.solve.lexicographic import goal_warnings
from optimizer.solve.search import Options
from optimizer.write import prepare, publish

MOST_SECONDS = 30.0  # for finding out which rules contradict each other
TRUSTED = 1e-6  # a bound above the plan by more than this share of it is no bound


def plan(
    source: Input,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    seed: int | None = None,
    threads: int | None = None,
    formulation: Formulation | None = None,
    warm_start: Plan | Path | str | None = None,
    out: Path | str | None = None,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Plan:
    """Plan an instance; with `out`, publish it there, else only audit it.

    Args:
        source: what `read` gave.
        gap: relative gap at which to stop; default: the instance's.
        time_limit: seconds from now; default: the instance's.
        seed: of everything random; default: the instance's.
        threads: that may be used; default: the instance's, else all. They change a plan only
            where the clock cuts something off.
        formulation: "plain", "tight" or "auto"; default: the instance's. It changes no optimum, only how fast it is
            proven.
        warm_start: an earlier plan, or the folder of one, to begin from; the instance may have changed since.
        out: folder of the plan.
        tell: gets progress, from this thread.

    Returns:
        The plan: result tables as DataFrames with the columns of docs/output.md, cost, bound and gaps.

    Raises:
        Infeasible: the solver found no plan, and no rule that is to blame.
        InputFaults: hard rules contradict each other.
        AuditRefused: the plan failed its audit; nothing is published.
        NoEarlierPlan: the folder to begin from is no plan, or cannot be read.
        NoPlan: the time was over before there was any plan.
        PublishError: it could not be written; an earlier plan is untouched.
        SolverError: the solver failed before it had any plan.
    """
    earlier = None if warm_start is None else taken_from(warm_start)
    if out is not None:
        prepare(source.name, Path(out))
    with Engine() as engine:
        asked_for = settled(source, gap, time_limit, seed, threads, formulation)
        made = make(source, asked_for, engine, tell, earlier)
    return _audited(source, made) if out is None else publish_plan(source, made, Path(out))


@dataclass(frozen=True)
class Beginning:
    """An earlier plan to begin from: its tables, and where it is."""

    tables: Earlier
    folder: str | None


def taken_from(plan: Plan | Path | str) -> Beginning:
    """The tables of an earlier plan.

    Raises:
        NoEarlierPlan: the folder is no plan, or cannot be read.
    """
    if isinstance(plan, Plan):
        return Beginning(plan.tables | plan.memory, None if plan.folder is None else str(plan.folder))
    return Beginning(read_earlier(Path(plan)), str(plan))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked for, the instance's `[solve]` where the caller said nothing."""

    gap: float
    time_limit: float
    seed: int
    threads: int | None
    formulation: Formulation


def settled(
    source: Input,
    gap: float | None = None,
    time_limit: float | None = None,
    seed: int | None = None,
    threads: int | None = None,
    formulation: Formulation | None = None,
) -> Asked:
    """What was asked, else what the instance says."""
    own = source.solve
    return Asked(
        gap=own.gap if gap is None else gap,
        time_limit=own.time_limit if time_limit is None else time_limit,
        seed=own.seed if seed is None else seed,
        threads=own.threads if threads is None else threads,
        formulation=own.formulation if formulation is None else formulation,
    )


def make(
    source: Input,
    asked_for: Asked,
    engine: Engine,
    tell: Callable[[Progress], None],
    earlier: Beginning | None = None,
    *,
    lots_from: int | None = None,
) -> Plan:
    """Solve an instance: the plan in memory, not audited yet. Its time limit counts from here.

    `lots_from`: how many lots are enough to decide them one by one, where that is possible; default: where it pays.

    Raises:
        Infeasible: the solver found no plan, and no rule that is to blame.
        InputFaults: hard rules contradict each other.
        NoPlan: the time was over before there was any plan.
        SolverError: the solver failed before it had any plan.
    """
    start, began = datetime.now(UTC), time.monotonic()
    road = chosen_road(asked_for.formulation, source.instance, lots_from)
    options = Options(asked_for.time_limit, asked_for.gap, asked_for.seed, asked_for.threads)
    try:
        found = solved(source.instance, road, options, engine, tell, began, None if earlier is None else earlier.tables)
    except (Infeasible, Broken, NoPlan) as error:
        if road.pieces:  # lots alone contradict nothing, and the whole would be too large to look for it
            raise
        found = _without_the_solver_s_word(source, error)
    ended = time.monotonic() - began
    objective = found.finished.collected.objective
    found.outcome.trace.append(Progress(ended, objective, found.outcome.bound, "collecting the plan"))
    made = plan_of(source, road, found, asked_for, start, began)
    if earlier is not None:
        made.run["warm_start"] = {"folder": earlier.folder, **(found.begun or {})}
    return made


def _without_the_solver_s_word(source: Input, error: Infeasible | Broken | NoPlan) -> Solved:
    """The plan that the elastic program finds, where the solver saw none.

    Raises:
        InputFaults: hard rules contradict each other.
        Infeasible, NoPlan: neither a plan nor a contradiction was found.
    """
    told = contradictions(source.instance, MOST_SECONDS)
    if told:
        raise InputFaults(source.locate_all(told)) from None
    if isinstance(error, Broken):
        raise Infeasible from error
    other = after_all(source.instance, MOST_SECONDS)
    if other is None:
        raise error
    said = "called the rules contradictory" if isinstance(error, Infeasible) else "found no plan"
    return solved_otherwise(source.instance, other, f"the solver {said} although there is a plan")


def publish_plan(
    source: Input,
    made: Plan,
    out: Path | None,
    *,
    keep_refused: bool = False,
    doing: Callable[[str], None] = lambda word: None,
) -> Plan:
    """Audit a plan and put it in place; `out` None: under `plans/`. `doing` is told when the audit begins.

    Raises:
        AuditRefused: the plan failed its audit; nothing is published.
        PublishError: it could not be written.
    """

    def audited(written: Path) -> list[Violation]:
        doing("auditing")
        return violations_of(source, written)

    folder = publish(made, out, audited, keep_refused=keep_refused)
    return replace(made, folder=folder)


def _audited(source: Input, made: Plan) -> Plan:
    """The plan, written to a folder that is thrown away, and audited there as any other."""
    with tempfile.TemporaryDirectory() as scratch:
        publish(made, Path(scratch) / "plan", lambda folder: violations_of(source, folder), pages=False)
    return made


def violations_of(source: Input, folder: Path) -> list[Violation]:
    """What the audit says of a plan's folder as it is written."""
    return audit(source.text, source.settings_text, folder, written=dates_as_written(source))


def dates_as_written(source: Input) -> dict[str, dict[str, list[str]]]:
    """Dates by which a plan names demand lines and open orders, as written; the audit reads ISO dates."""
    named = (("demand", "due"), ("open_orders", "arrival"))
    return {table: {column: source.as_written(table, column)} for table, column in named}


def plan_of(source: Input, road: Road, found: Solved, asked_for: Asked, start: datetime, began: float) -> Plan:
    """What a road led to as a plan in memory; `start` is when, and `began` the monotonic clock then."""
    outcome, collected = found.outcome, found.finished.collected
    objective = collected.objective
    bound = outcome.bound
    if bound > objective + TRUSTED * max(1.0, abs(objective)):  # it contradicts itself: believe only what is certain
        bound = found.certain()
    bound = min(bound, objective)
    gap_money = objective - bound
    gap = gap_money / abs(objective) if objective else 0.0
    controllable = collected.controllable()
    on_time, ever = collected.fill_rates(found.finished.asked)
    warnings = grouped([*source.warnings, *plausibility(source)])
    tables = collected.tables | {"actions": actions(source.instance, collected.tables)}
    seen = signals(source.instance, tables)
    return Plan(
        name=source.name,
        currency=source.instance.currency,
        tables=tables,
        status="optimal" if gap_money <= asked_for.gap * abs(objective) + 1e-9 else "feasible",
        objective=objective,
        bound=bound,
        gap=gap,
        gap_money=gap_money,
        gap_controllable=gap_money / controllable if controllable else 0.0,
        seconds=time.monotonic() - began,
        fill_rate_on_time=on_time,
        fill_rate=ever,
        counts=_counts(source, found.finished),
        accounts=collected.accounts,
        warnings=[
            *(f"what if: {change}" for change in source.changes),
            *_run_warnings(outcome, collected),
            *goal_warnings(found.goals, asked_for.gap),
            *collected.remarks,
            *supply_warnings(source.instance, found.finished.lacking, collected.tables),
            *sentences(seen, source.instance.currency),
            *_range_warnings(source, found),
            *warnings,
        ],
        instance=source.instance,
        run={
            "command": sys.argv,
            "start": start.isoformat(timespec="seconds"),
            "settings": asdict(asked_for),
            "instance": None if source.path is None else str(source.path.resolve()),
            "inputs": source.hashes,
            "horizon": _horizon(source),
            **({"changes": [asdict(change) for change in source.changes]} if source.changes else {}),
            "seed": asked_for.seed,
            "solver": {"name": "HiGHS", "version": version()},
            "strengthened_by": road.form.strengthening,
            "road": str(road),
            "interrupted": outcome.stopped,
            **({"goals": [goal.record() for goal in found.goals]} if found.goals else {}),
            "failure": outcome.failure,
        },
        trace=outcome.trace,
        memory=found.finished.memory,
        signals=[signal.record() for signal in seen],
    )


def _range_warnings(source: Input, found: Solved) -> list[str]:
    """Of the whole program, where there is one."""
    placed = found.placed
    return [] if placed is None else range_warnings(source.instance, placed.book, placed.compiled)


def _horizon(source: Input) -> dict[str, object]:
    calendar = source.instance.calendar
    return {"start": calendar.start.isoformat(), "periods": calendar.periods, "period": calendar.kind}


def _run_warnings(outcome: Outcome, collected: Collected) -> list[str]:
    """What the run itself went through, the first that a planner must know."""
    warnings = []
    if outcome.stopped:
        warnings.append("the run was stopped by hand: this is the best plan that it had found by then")
    if outcome.failure:
        warnings.append(
            "the solver ended before its time by a failure of ours: this is the best plan that it had found"
        )
    if collected.tables["purchase_orders"].empty and not collected.tables["backorders"].empty:
        warnings.append("nothing is ordered in this plan, although demand waits or falls short; give it more time")
    return warnings


def _counts(source: Input, finished: Finished) -> dict[str, int]:
    tables = finished.collected.tables
    orders = tables["purchase_orders"]
    return {
        "items": len(source.instance["items"]),
        "suppliers": len(source.instance["suppliers"]),
        **finished.sizes,
        "orders": len(orders),
        "orders_to_release": int((orders["action"] == "release").sum()),
        "deliveries": len(tables["allocations"]),
        "lines_late_or_short": len(tables["backorders"]),
    }
