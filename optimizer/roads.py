"""Roads: an instance is decided as a whole, or lot by lot.

    whole        the program of all rules, by relaxation, neighbourhoods and branch and bound (optimizer/solve)
    decomposed   where lots and what suppliers allow are all there is: prices on gates, lot by lot (optimizer/decompose)
    extended     the same with riders (models/riders.py): rules on stocks and on the orders of one item, priced for the
                 bound and kept by the plan

All give a point of the same program, so what comes after is the same. The program of the second road is compiled while
the search runs: it is needed at the end only.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.known import judged
from models.lots import Lots
from models.lots_of import lots_of
from models.parts import plain
from models.riders import Extended
from optimizer.compile import Compiled, compile_book
from optimizer.decompose.ridden import Ridden, covers, riders_of
from optimizer.formulation import Chosen, Formulation, chosen
from optimizer.solve.balance import balanced
from optimizer.solve.engine import Engine, Outcome
from optimizer.solve.events import Progress
from optimizer.solve.highs import SolverError
from optimizer.solve.program import Floats, Program, finite_bound
from optimizer.solve.search import Options

DECOMPOSED = 30  # lots from which on an instance is decided lot by lot
EXTENDED = 100  # lots from which on they are where there are riders: measured on two kinds of instances (decision 12)
EXACT = 1e-6  # relative violation, and relative difference in cost, that a composed plan may have
LEAST_SECONDS = 0.1  # that are left for a search, however long the model took


@dataclass(frozen=True)
class Road:
    """Which road an instance takes, and why.

    Attributes:
        form: the parts of the model.
        book: what was derived with them.
        lots: where they are decided one by one; None: the whole.
        reason: in the planner's words.
        ridden: riders of the lots; None where there are none.
        compiled: the program, where it was needed to choose the road.
    """

    form: Chosen
    book: Book
    lots: Lots | None
    reason: str
    ridden: Ridden | None = None
    compiled: Compiled | None = None

    def __str__(self) -> str:
        """In a few words, for whoever watches."""
        return f"{'whole' if self.lots is None else 'decomposed'}: {self.reason}"


@dataclass(frozen=True)
class Solved:
    """What a road led to, in the planner's units.

    Attributes:
        compiled: the program.
        x: a plan: one number per column of the program.
        outcome: how it was found; its bound is finite, seconds count from the beginning of the run.
    """

    compiled: Compiled
    x: Floats
    outcome: Outcome


def chosen_road(asked: Formulation, instance: Instance) -> Road:
    """The road that pays: lot by lot where that holds all of the instance and there are enough lots.

    The tight formulation is a way to prove the whole; who asks for it gets that.
    """
    form = chosen(asked, instance)
    book = derive(instance, form.parts)
    count = len(book.indexes["stocks"])
    if asked == "tight":
        return Road(form, book, None, "the tight formulation was asked for")
    if count < DECOMPOSED:
        return Road(form, book, None, f"{count:,} stocks are few; lot by lot begins at {DECOMPOSED:,}")
    alone = Chosen(asked, plain())
    own = derive(instance, alone.parts) if form.strengthening else book
    lots = lots_of(instance, own, alone.parts)
    gates = f"{len(lots):,} lots, {len(lots.gate_cost):,} supplier-{instance.calendar.kind}s"
    if not lots.pure:
        extended = _extended_road(instance, alone, own, lots, gates)
        return extended or Road(form, book, None, "it has rules or costs that planning lot by lot does not know")
    if len(lots) < DECOMPOSED:
        return Road(form, book, None, f"{len(lots):,} lots are few; lot by lot begins at {DECOMPOSED:,}")
    return Road(alone, own, lots, gates)


def _extended_road(instance: Instance, form: Chosen, book: Book, lots: Lots, gates: str) -> Road | None:
    """The road with riders, where they are all that the lots do not know."""
    if not lots.relaxes or lots.merged or len(lots) < EXTENDED:
        return None
    unknown = judged(instance, book, form.parts).unknown
    if unknown is None:
        return None
    compiled = compile_book(instance, book, form.parts)
    ridden = riders_of(lots, compiled)
    if not covers(ridden, unknown):
        return None
    rules = ", ".join(name.replace("_", " ") for name in ridden.names)
    return Road(form, book, lots, f"{gates}, with {rules}", ridden, compiled)


def solved(
    instance: Instance, road: Road, options: Options, engine: Engine, tell: Callable[[Progress], None], began: float
) -> Solved:
    """Take the road; `options.seconds` count from `began` (of the monotonic clock).

    Raises:
        Infeasible: hard rules contradict each other.
        SolverError: the solver failed before it had any plan, or its plan is none.
    """
    if options.threads is None:
        options = replace(options, threads=os.cpu_count() or 2)
    take = _whole if road.lots is None else _decomposed if road.ridden is None else _extended
    return take(instance, road, options, engine, tell, began)


def _whole(
    instance: Instance, road: Road, options: Options, engine: Engine, tell: Callable[[Progress], None], began: float
) -> Solved:
    compiled = compile_book(instance, road.book, road.form.parts)
    inside = balanced(compiled.program)
    built, options = _begun(options, began, road, tell)
    outcome = engine.search(inside.program, options, lambda progress: tell(inside.progress(progress)))
    assert outcome.x is not None
    trace = [replace(event, seconds=event.seconds + built) for event in map(inside.progress, outcome.trace)]
    x, bound = inside.point(outcome.x), outcome.bound * inside.money
    return Solved(compiled, x, replace(outcome, x=x, cost=outcome.cost * inside.money, bound=bound, trace=trace))


def _decomposed(
    instance: Instance, road: Road, options: Options, engine: Engine, tell: Callable[[Progress], None], began: float
) -> Solved:
    lots = road.lots
    assert lots is not None
    compiling = _Meanwhile(lambda: compile_book(instance, road.book, road.form.parts))
    built, options = _begun(options, began, road, tell)
    outcome = engine.search(lots, options, tell)
    assert outcome.x is not None
    from optimizer.decompose.compose import composed  # with it comes a compiler that takes most of a second to load
    from optimizer.decompose.deliver import delivered

    flows = delivered(lots, outcome.x)
    compiled = compiling.result()
    x = composed(lots, compiled, outcome.x, flows)
    _certain(compiled.program, x, outcome.cost)
    trace = [replace(event, seconds=event.seconds + built) for event in outcome.trace]
    bound = outcome.bound if np.isfinite(outcome.bound) else finite_bound(compiled.program)
    return Solved(compiled, x, replace(outcome, x=x, bound=bound, trace=trace))


def _extended(
    instance: Instance, road: Road, options: Options, engine: Engine, tell: Callable[[Progress], None], began: float
) -> Solved:
    lots, ridden, compiled = road.lots, road.ridden, road.compiled
    assert lots is not None and ridden is not None and compiled is not None
    built, options = _begun(options, began, road, tell)
    outcome = engine.search(Extended(lots, ridden.riders), options, tell)
    assert outcome.x is not None
    from optimizer.decompose.carry import delivered  # with it comes a compiler that takes most of a second to load
    from optimizer.decompose.compose import composed

    x = composed(lots, compiled, outcome.x, delivered(lots, outcome.x))
    ridden.steps.write(compiled.program, x)
    _certain(compiled.program, x, outcome.cost)
    trace = [replace(event, seconds=event.seconds + built) for event in outcome.trace]
    bound = outcome.bound if np.isfinite(outcome.bound) else finite_bound(compiled.program)
    return Solved(compiled, x, replace(outcome, x=x, bound=bound, trace=trace))


def _begun(options: Options, began: float, road: Road, tell: Callable[[Progress], None]) -> tuple[float, Options]:
    """Seconds that the model took, and the options with what is left."""
    built = time.monotonic() - began
    tell(Progress(built, None, None, f"{road.form}; {road}"))
    return built, replace(options, seconds=max(options.seconds - built, LEAST_SECONDS))


def _certain(program: Program, x: Floats, cost: float) -> None:
    """A plan made of lots keeps the rules of the whole, and costs there what it costs here."""
    outside = np.maximum(program.lower - x, x - program.upper) / np.maximum(np.abs(x), 1.0)
    violation = max(program.relative_violation(x), float(outside.max(initial=0.0)))
    objective = program.objective(x)
    if violation > EXACT or abs(objective - cost) > EXACT * max(abs(cost), 1.0):
        raise SolverError(
            f"the plan made lot by lot breaks a rule of the whole by {violation:.2g} of its size (at most {EXACT:g}), "
            f"or costs {objective:,.6f} there and {cost:,.6f} here"
        )


class _Meanwhile:
    """Something that is made while this thread goes on; it does not keep the program from ending."""

    def __init__(self, make: Callable[[], Compiled]) -> None:
        self._made: Compiled | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(make,), daemon=True)
        self._thread.start()

    def _run(self, make: Callable[[], Compiled]) -> None:
        try:
            self._made = make()
        except BaseException as failure:
            self._failure = failure

    def result(self) -> Compiled:
        """Wait for it; raises what making it raised."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        assert self._made is not None
        return self._made
