"""Choice: one alternative, decided, beside what was planned: what it costs account by account, and what changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.explain.alternatives import Alternative
from optimizer.explain.changes import LineChange, OrderChange, line_changes, order_changes
from optimizer.explain.resolve import Difference, Missing, Resolved, Solution
from optimizer.explain.widening import Widened


@dataclass(frozen=True)
class Choice:
    """An alternative and what it comes to.

    Attributes:
        name: of the alternative.
        words: what it is.
        overrides: rows of table `overrides` that force it.
        verdict: `possible`, or why there is no difference.
        difference: what it costs more; None where it is not possible with everything else as planned, or not found.
        orders: that are others.
        lines: of demand that are served in another way.
        wider: what it costs more with more free, where that could not be decided in time: between what it lies.
    """

    name: str
    words: str
    overrides: Sequence[Mapping[str, str]]
    verdict: str
    difference: Difference | None
    orders: Sequence[OrderChange] = ()
    lines: Sequence[LineChange] = ()
    wider: Difference | None = None


def chosen(widened: Widened, alternatives: Sequence[Alternative]) -> Sequence[Choice]:
    """Each alternative as it was decided."""
    wider = [None] * len(alternatives) if widened.wider is None else widened.wider.differences
    return [
        replace(choice(widened.resolved, one.name, one.words, one.rows, found), wider=more)
        for one, found, more in zip(alternatives, widened.found, wider, strict=True)
    ]


def choice(
    resolved: Resolved, name: str, words: str, rows: Sequence[Mapping[str, str]], found: Solution | Missing
) -> Choice:
    """What was found for an alternative, beside the base."""
    if isinstance(found, Missing):
        return Choice(name, words, rows, found.value, None)
    point, before = resolved.point, resolved.base.x
    return Choice(
        name,
        words,
        rows,
        "possible",
        resolved.difference(found),
        order_changes(point, before, found.x),
        line_changes(point, before, found.x),
    )


def cheapest(choices: Sequence[Choice]) -> Choice | None:
    """The next best: the alternative that costs least more."""
    possible = [one for one in choices if one.difference is not None]
    return min(possible, key=lambda one: one.difference.cost if one.difference else 0.0) if possible else None
