"""Crossroads: which road an instance takes, and why.

    whole        the program of all rules, by relaxation, neighbourhoods and branch and bound (optimizer/solve); it
                 begins from the plan of its lots where they are many
    decomposed   where lots and what suppliers allow are all there is: prices on gates, lot by lot (optimizer/decompose)
    extended     the same with riders (models/riders.py): rules on stocks and on the orders of one item, priced for the
                 bound and kept by the plan; it is told as decomposed

`optimizer.roads` takes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.known import judged
from models.lots import Lots
from models.lots_of import lots_of
from models.parts import plain
from models.pieces import Piece, in_pieces
from optimizer.compile import Compiled, compile_book, compile_stock
from optimizer.decompose.ideas import used
from optimizer.decompose.ridden import Ridden, covers, riders_of
from optimizer.formulation import Chosen, Formulation, chosen

IN_PIECES, PIECE = 5_000, 2_500  # items above which an instance is derived in pieces, and the items of a piece
DECOMPOSED = 30  # lots from which on an instance is decided lot by lot
EXTENDED = 100  # lots from which on they are where there are riders: measured on two kinds of instances (decision 15)
GUIDED = 100  # lots from which on a whole begins from their plan; health-supplies, of 92, is better off without


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
    compiled = _compiled(instance, book, road.form)
    if whole.book is book:
        whole = replace(whole, compiled=compiled)  # the same parts
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


def program_of(instance: Instance, road: Road) -> Compiled:
    """The program of the whole instance, with the parts of its road.

    Raises:
        ValueError: the instance is so large that it is derived in pieces.
    """
    if road.book is None:
        raise ValueError("there is no program of the whole where there are pieces")
    if road.compiled is not None:
        return road.compiled
    return _compiled(instance, road.book, road.form)


def _compiled(instance: Instance, book: Book, form: Chosen) -> Compiled:
    compiling = compile_book if used("compile at once") else compile_stock
    return compiling(instance, book, form.parts)
