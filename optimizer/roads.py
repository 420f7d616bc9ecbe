"""Roads: an instance is decided as a whole, or lot by lot.

    whole        the program of all rules, by relaxation, neighbourhoods and branch and bound (optimizer/solve); it
                 begins from the plan of its lots where they are many
    decomposed   where lots and what suppliers allow are all there is: prices on gates, lot by lot (optimizer/decompose)
    extended     the same with riders (models/riders.py): rules on stocks and on the orders of one item, priced for the
                 bound and kept by the plan; it is told as decomposed

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

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.known import judged
from models.lots import Lots
from models.lots_of import lots_of
from models.parts import plain
from models.pieces import Piece, in_pieces
from models.riders import Extended
from optimizer.compile import Compiled, compile_book, compile_stock
from optimizer.decompose.ideas import used
from optimizer.decompose.ridden import Ridden, covers, riders_of
from optimizer.formulation import Chosen, Formulation, chosen
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
IN_PIECES, PIECE = 5_000, 2_500  # items above which an instance is derived in pieces, and the items of a piece
DECOMPOSED = 30  # lots from which on an instance is decided lot by lot
EXTENDED = 100  # lots from which on they are where there are riders: measured on two kinds of instances (decision 15)
GUIDED = 100  # lots from which on a whole begins from their plan; health-supplies, of 92, is better off without
EXACT = 1e-6  # relative violation, and relative difference in cost, that a composed plan may have
LEAST_SECONDS = 0.1  # that are left for a search, however long the model took


@dataclass(frozen=True)
class Road:
    """Which road an instance takes, and why.

    Attributes:
        form: the parts of the model.
        book: what was derived with them; None where there are pieces.
        lots: where they are decided one by one; None: the whole.
        reason: in the planner's words.
        pieces: of very many lots, which are derived and written back piece by piece.
        ridden: riders of the lots; None where there are none.
        compiled: the program, where it was needed to choose the road.
        guide: the lots of what is decided as a whole, where their plan is worth beginning from.
    """

    form: Chosen
    book: Book | None
    lots: Lots | None
    reason: str
    pieces: Sequence[Piece] = ()
    ridden: Ridden | None = None
    compiled: Compiled | None = None
    guide: Lots | None = None

    def __str__(self) -> str:
        """In a few words, for whoever watches."""
        guided = "" if self.guide is None else "; it begins from the plan of its lots alone"
        return f"{'whole' if self.lots is None else 'decomposed'}: {self.reason}{guided}"


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


def chosen_road(asked: Formulation, instance: Instance, least: int | None = None) -> Road:
    """The road that pays: lot by lot where that holds all of the instance and there are enough lots.

    The tight formulation is a way to prove the whole; who asks for it gets that. `least` lots are enough, by default
    `DECOMPOSED`, or `EXTENDED` where the lots have riders.
    """
    least, enough = (DECOMPOSED, EXTENDED) if least is None else (least, least)
    by_lots = asked != "tight" and used("decomposition")
    if by_lots and len(instance["items"]) > max(IN_PIECES, least):
        parts = plain()
        pieces, lots = in_pieces(instance, parts, PIECE)
        if lots.pure and not lots.merged:
            return Road(Chosen(asked, parts), None, lots, _told(instance, lots), pieces)
    form = chosen(asked if used("strengthening") else "plain", instance)
    book = derive(instance, form.parts)
    count = len(book.indexes["stocks"])
    if not by_lots:
        why = "the tight formulation was asked for" if asked == "tight" else "planning lot by lot was left out"
        return Road(form, book, None, why)
    if count < least:
        return Road(form, book, None, f"{count:,} stocks are few; lot by lot begins at {least:,}")
    alone = Chosen(asked, plain())
    own = derive(instance, alone.parts) if form.strengthening else book
    lots = lots_of(instance, own, alone.parts)
    if not lots.pure:
        guide = lots if len(lots) >= GUIDED else None
        whole = Road(form, book, None, "it has rules or costs that planning lot by lot does not know", guide=guide)
        return _with_riders(instance, Road(alone, own, lots, ""), whole, enough)
    if len(lots) < least:
        return Road(form, book, None, f"{len(lots):,} lots are few; lot by lot begins at {least:,}")
    return Road(alone, own, lots, _told(instance, lots))


def _with_riders(instance: Instance, road: Road, whole: Road, least: int) -> Road:
    """Lot by lot where riders are all that the lots do not hold, and there are enough lots; else the whole, and why."""
    lots, book = road.lots, road.book
    assert lots is not None and book is not None
    unknown = judged(instance, book, road.form.parts).unknown
    if not lots.relaxes or lots.merged or lots.segmented or unknown is None:
        return whole
    compiled = _compiled(instance, book, road)
    ridden = riders_of(lots, compiled)
    if not covers(ridden, unknown):
        return whole
    rules = ", ".join(name.replace("_", " ") for name in ridden.names)
    if len(lots) < least:
        return replace(
            whole, reason=f"{len(lots):,} lots with {rules} are few; lot by lot with such rules begins at {least:,}"
        )
    return replace(road, reason=f"{_told(instance, lots)}, with {rules}", ridden=ridden, compiled=compiled)


def _told(instance: Instance, lots: Lots) -> str:
    return f"{len(lots):,} lots, {len(lots.gate_cost):,} supplier-{instance.calendar.kind}s"


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
    compiled = _compiled(instance, road.book, road)
    inside = balanced(compiled.program)
    start = None if earlier is None else begun(instance, road.book, None, earlier)
    if start is not None:
        options = replace(options, warm=_warm_columns(compiled, inside, start))
    built, options = _begun(options, run)
    guided = None if road.guide is None else _guided(road.guide, compiled, inside)
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
    outcome = run.engine.search(lots, options, run.tell)
    assert outcome.x is not None
    delivered, compiled = at_the_end.result()
    from optimizer.decompose import by_piece, compose

    if compiled is None or book is None:
        made, violation = by_piece.finished_by_piece(instance, parts, road.pieces, lots, outcome.x, outcome.prices)
        _certain(violation, made.collected.objective, outcome.cost)
    else:
        x = compose.composed(lots, compiled, outcome.x, delivered(lots, outcome.x))
        program = compiled.program
        _certain(program.violation(x, np.ones(program.rows, dtype=np.bool_)), program.objective(x), outcome.cost)
        made = finished(instance, book, compiled, x, remembered(instance, book, lots, outcome.prices))
        placed = Placed(book, compiled, x)
    trace = [replace(event, seconds=event.seconds + built) for event in outcome.trace]
    bound = outcome.bound if np.isfinite(outcome.bound) else by_piece.certain_bound(lots)
    outcome = replace(outcome, bound=bound, trace=trace)
    record = None if start is None else start.record
    return Solved(made, outcome, record, lambda: by_piece.certain_bound(lots), placed=placed)


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


def bound_at_prices(instance: Instance, road: Road, earlier: Earlier, seconds: float) -> float:
    """A bound without a search: of lots, at the prices of an earlier plan; -inf where there are none [money].

    Args:
        instance: what the bound is for; it may cost other than the earlier plan's did.
        road: of it.
        earlier: tables of the earlier plan.
        seconds: for linear programs of lots that break limits of their options.
    """
    if road.lots is None or road.ridden is not None or road.book is None or "prices" not in earlier:
        return -np.inf
    from optimizer.decompose.prices import Pricing
    from optimizer.decompose.resume import priced_again  # with them comes a compiler that takes long to load

    pricing = Pricing(road.lots, 1)
    at = priced_again(pricing, begun(instance, road.book, road.lots, earlier).prices)
    return -np.inf if at is None else max(at.bound, pricing.within_limits(at.price, seconds).bound)


def program_of(instance: Instance, road: Road) -> Compiled:
    """The program of the whole instance, with the parts of its road.

    Raises:
        ValueError: the instance is so large that it is derived in pieces.
    """
    if road.book is None:
        raise ValueError("there is no program of the whole where there are pieces")
    return road.compiled or _compiled(instance, road.book, road)


def _compiled(instance: Instance, book: Book, road: Road) -> Compiled:
    compiling = compile_book if used("compile at once") else compile_stock
    return compiling(instance, book, road.form.parts)


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
    return delivered, None if book is None else _compiled(instance, book, road)


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
