"""Roads: an instance is decided as a whole, or lot by lot, by the road that was chosen (`optimizer.crossroads`).

All give a point of the same program, so what comes after is the same. What is needed at the end only is made while the
search runs: the program of the second road, and the compiled functions that deliver what was ordered.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
import pandas as pd

from models.book import Book
from models.instance import Instance
from models.lots import Lots
from models.riders import Extended
from optimizer.compile import Compiled
from optimizer.crossroads import Road, program_of
from optimizer.results.finished import Finished, finished
from optimizer.results.memory import Begun, begun, remembered
from optimizer.results.second_opinion import AfterAll
from optimizer.solve.balance import Balanced, balanced
from optimizer.solve.engine import Engine, Outcome
from optimizer.solve.events import Progress
from optimizer.solve.guided import Guided
from optimizer.solve.highs import SolverError
from optimizer.solve.lexicographic import Goal, searched
from optimizer.solve.program import Floats, finite_bound
from optimizer.solve.refine import refined
from optimizer.solve.search import Options
from optimizer.solve.warm import Warm

if TYPE_CHECKING:
    from optimizer.decompose.compose import Deliveries

Made = TypeVar("Made")
Earlier = Mapping[str, pd.DataFrame]  # tables of an earlier plan (optimizer.results.memory)
EXACT = 1e-6  # relative violation, and relative difference in cost, that a composed plan may have
LEAST_SECONDS = 0.1  # that are left for a search, however long the model took
LOTS_LOAD = 1.0  # seconds that loading what plans lot by lot takes, about: with less, nothing is ordered


@dataclass(frozen=True)
class Placed:
    """A plan as a point of the program of the whole instance.

    Attributes:
        book: what the program is made of.
        compiled: the program.
        x: the point, in the planner's units.
    """

    book: Book
    compiled: Compiled
    x: Floats


@dataclass(frozen=True)
class Solved:
    """What a road led to, in the planner's units.

    Attributes:
        finished: the plan in the planner's tables.
        outcome: how it was found; its bound is finite, seconds count from the beginning of the run.
        begun: what this run began from, for `run.json`; None: from nothing.
        certain: a bound that needs no solver, weak but finite.
        goals: what was minimised before the cost, one after the other.
        placed: the plan as a point of the whole program; None where there are pieces.
    """

    finished: Finished
    outcome: Outcome
    begun: dict[str, Any] | None
    certain: Callable[[], float]
    goals: Sequence[Goal] = ()
    placed: Placed | None = None


def solved(
    instance: Instance,
    road: Road,
    options: Options,
    engine: Engine,
    tell: Callable[[Progress], None],
    began: float,
    earlier: Earlier | None = None,
) -> Solved:
    """Take the road; `options.seconds` count from `began` (of the monotonic clock), `earlier` is a plan to begin from.

    Raises:
        Infeasible: hard rules contradict each other.
        SolverError: the solver failed before it had any plan, or its plan is none.
    """
    if options.threads is None:
        options = replace(options, threads=os.cpu_count() or 2)
    take = _whole if road.lots is None else _decomposed if road.ridden is None else _extended
    return take(_Run(instance, road, options, engine, tell, began, earlier))


@dataclass(frozen=True)
class _Run:
    """What a road is taken with: the arguments of `solved`."""

    instance: Instance
    road: Road
    options: Options
    engine: Engine
    tell: Callable[[Progress], None]
    began: float
    earlier: Earlier | None


def _whole(run: _Run) -> Solved:
    instance, road, options, earlier = run.instance, run.road, run.options, run.earlier
    assert road.book is not None
    compiled = program_of(instance, road)
    inside = balanced(compiled.program)
    start = None if earlier is None else begun(instance, road.book, None, earlier)
    if start is not None:
        options = replace(options, warm=_warm_columns(compiled, inside, start))
    built, options = _begun(options, run)
    guided = None if road.guide is None or options.seconds < LOTS_LOAD else _guided(road.guide, compiled, inside)
    outcome, goals = searched(inside, compiled.goals, options, run.engine, run.tell, guided)
    assert outcome.x is not None
    trace = [replace(event, seconds=event.seconds + built) for event in map(inside.progress, outcome.trace)]
    x, bound = inside.point(refined(inside.program, outcome.x)), outcome.bound * inside.money
    outcome = replace(outcome, x=x, cost=outcome.cost * inside.money, bound=bound, trace=trace)
    made = finished(instance, road.book, compiled, x, remembered(instance, road.book, None, outcome.prices))
    record = None if start is None else start.record
    placed = Placed(road.book, compiled, x)
    return Solved(made, outcome, record, lambda: finite_bound(compiled.program), goals, placed)


def solved_otherwise(instance: Instance, other: AfterAll, failure: str) -> Solved:
    """A point of the plain program that was found where the road led nowhere, and why that is told."""
    program, x = other.compiled.program, other.x
    made = finished(instance, other.book, other.compiled, x, remembered(instance, other.book, None, np.zeros(0)))
    outcome = Outcome(x, program.objective(x), finite_bound(program), failure=failure)
    placed = Placed(other.book, other.compiled, x)
    return Solved(made, outcome, None, lambda: finite_bound(program), placed=placed)


def _warm_columns(compiled: Compiled, inside: Balanced, start: Begun) -> Warm:
    """What an earlier plan orders, as columns; whatever else there is follows from that."""
    column, x = compiled.columns["order"], np.full(compiled.program.columns, np.nan)
    somewhere = column >= 0
    x[column[somewhere]] = start.quantity[somewhere]
    return Warm(x / inside.unit, np.zeros(0), start.changed)


def _guided(lots: Lots, compiled: Compiled, inside: Balanced) -> Guided:
    return Guided(inside.program, lots, compiled.columns["order"][lots.order], inside.unit, inside.money)


def _decomposed(run: _Run) -> Solved:
    instance, road, options, earlier = run.instance, run.road, run.options, run.earlier
    lots = road.lots
    assert lots is not None
    parts, book = road.form.parts, road.book
    at_the_end = _Meanwhile(partial(_at_the_end, instance, book, road, lots))
    start = None
    if earlier is not None:
        if book is None:
            from optimizer.decompose import by_piece

            start = by_piece.begun_by_piece(instance, parts, road.pieces, lots, earlier)
        else:
            start = begun(instance, book, lots, earlier)
        changed = np.flatnonzero(np.isin(lots.block, start.changed))
        options = replace(options, warm=Warm(lots.of_orders(start.quantity), start.prices, changed))
    placed: Placed | None = None
    built, options = _begun(options, run)
    outcome = _nothing(lots) if options.seconds < LOTS_LOAD and earlier is None else None
    outcome = outcome or run.engine.search(lots, options, run.tell)
    assert outcome.x is not None
    delivered, compiled = at_the_end.result()
    from optimizer.decompose import by_piece, compose

    if compiled is None or book is None:
        made, violation = by_piece.finished_by_piece(instance, parts, road.pieces, lots, outcome.x, outcome.prices)
        cost = made.collected.objective
    else:
        x = compose.composed(lots, compiled, outcome.x, delivered(lots, outcome.x))
        program = compiled.program
        violation, cost = program.violation(x, np.ones(program.rows, dtype=np.bool_)), program.objective(x)
        made = finished(instance, book, compiled, x, remembered(instance, book, lots, outcome.prices))
        placed = Placed(book, compiled, x)
    if np.isnan(outcome.cost):  # nothing is ordered, and what that costs shows here
        outcome = replace(outcome, cost=cost)
    _certain(violation, cost, outcome.cost)
    trace = [replace(event, seconds=event.seconds + built) for event in outcome.trace]
    bound = outcome.bound if np.isfinite(outcome.bound) else by_piece.certain_bound(lots)
    outcome = replace(outcome, bound=bound, trace=trace)
    record = None if start is None else start.record
    return Solved(made, outcome, record, lambda: by_piece.certain_bound(lots), placed=placed)


def _nothing(lots: Lots) -> Outcome:
    """The plan of lots for which there is no time: nothing is ordered."""
    return Outcome(np.zeros(len(lots.order)), np.nan, trace=[Progress(0.0, None, None, "ordering nothing")])


def _extended(run: _Run) -> Solved:
    instance, road, options, earlier = run.instance, run.road, run.options, run.earlier
    lots, ridden, compiled, book = road.lots, road.ridden, road.compiled, road.book
    assert lots is not None and ridden is not None and compiled is not None and book is not None
    start = None if earlier is None else begun(instance, book, lots, earlier)
    if start is not None:
        options = replace(options, warm=Warm(lots.of_orders(start.quantity), np.zeros(0), start.changed))
    built, options = _begun(options, run)
    problem = Extended(lots, ridden.riders)
    outcome = run.engine.search(problem, options, run.tell)
    assert outcome.x is not None
    from optimizer.decompose.compose import composed
    from optimizer.decompose.served import Served  # with it comes a compiler that takes most of a second to load

    program = compiled.program
    x = composed(lots, compiled, outcome.x, Served(problem).deliveries(outcome.x))
    ridden.steps.write(program, x)
    _certain(program.violation(x, np.ones(program.rows, dtype=np.bool_)), program.objective(x), outcome.cost)
    made = finished(instance, book, compiled, x, remembered(instance, book, None, outcome.prices))
    trace = [replace(event, seconds=event.seconds + built) for event in outcome.trace]
    bound = outcome.bound if np.isfinite(outcome.bound) else finite_bound(program)
    outcome = replace(outcome, bound=bound, trace=trace)
    record = None if start is None else start.record
    return Solved(made, outcome, record, lambda: finite_bound(program), placed=Placed(book, compiled, x))


def _begun(options: Options, run: _Run) -> tuple[float, Options]:
    """Seconds that the model took, and the options with what is left."""
    built = time.monotonic() - run.began
    run.tell(Progress(built, None, None, f"{run.road.form}; {run.road}"))
    return built, replace(options, seconds=max(options.seconds - built, LEAST_SECONDS))


def _certain(violation: float, objective: float, cost: float) -> None:
    """A plan made of lots keeps the rules of the whole, and costs there what it costs here."""
    if violation > EXACT or abs(objective - cost) > EXACT * max(abs(cost), 1.0):
        raise SolverError(
            f"the plan made lot by lot breaks a rule of the whole by {violation:.2g} of its size (at most {EXACT:g}), "
            f"or costs {objective:,.6f} there and {cost:,.6f} here"
        )


def _at_the_end(
    instance: Instance, book: Book | None, road: Road, lots: Lots
) -> tuple[Callable[[Lots, Floats], "Deliveries"], Compiled | None]:
    """What delivers, called once, because its compiler takes most of a second to load; and the program of the whole."""
    from optimizer.decompose.deliver import delivered

    delivered(lots, np.zeros(len(lots.order)))
    return delivered, None if book is None else program_of(instance, road)


class _Meanwhile(Generic[Made]):
    """Something that is made while this thread goes on; it does not keep the program from ending."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._made: list[Made] = []
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(make,), daemon=True)
        self._thread.start()

    def _run(self, make: Callable[[], Made]) -> None:
        try:
            self._made.append(make())
        except BaseException as failure:
            self._failure = failure

    def result(self) -> Made:
        """Wait for it; raises what making it raised."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._made[0]
