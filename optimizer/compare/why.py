"""Why a plan costs another sum than the one before it: the change of the tables is made again, group by group.

    weeks     the horizon moves on, and the earlier plan is followed until then (`optimizer.compare.rolled`)
    stock     what is on hand and on order, in place of what was expected
    demand    who wants what
    prices    every column of money, and the settings of [costs]
    supply    all the rest: lead times, capacities, minimums, calendars, other rules and settings

After each group the instance is planned again, from the plan before it; what a group costs is by how much that plan is
dearer than the last. The amounts add up to the whole difference exactly. **They depend on the order**, which is this
one: a price that rises on what the new demand asks for counts as prices. What is best differs by something from
bound - cost_before to cost - bound_before: a group whose amount is smaller than that may owe it to the search.

Groups that do not fit the tables as they then are count together with the next. Source: the sequential decomposition of
variance analysis: Fortin, Lemieux & Firpo (2011), Handbook of Labor Economics 4A, section 2.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from optimizer.compare.horizon import calendar_of, common
from optimizer.compare.stages import differing, same, stages
from optimizer.planning import Beginning, make, settled, taken_from
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.input import Input
from optimizer.read.published import Published
from optimizer.solve.engine import Engine


@dataclass(frozen=True)
class Step:
    """One group of changes.

    Attributes:
        group: its name; several where they could not be told apart.
        cost: of the plan after it [money].
        bound: no plan costs less then.
        amount: by how much that is dearer than before.
        range: between which amounts what is best differs.
        rows: how many rows of which table differ.
    """

    group: str
    cost: float
    bound: float
    amount: float
    range: tuple[float, float]
    rows: dict[str, int]


@dataclass(frozen=True)
class Attribution:
    """What the difference between two plans is owed to; the amounts of the steps add up to `difference`."""

    before: float
    after: float
    steps: list[Step]
    notes: list[str] = field(default_factory=list)

    @property
    def difference(self) -> float:
        """By how much the later plan costs more [money]."""
        return self.after - self.before

    def document(self) -> dict[str, Any]:
        """What `--json` tells."""
        names = ("group", "amount", "range", "rows")
        steps = [{name: getattr(step, name) for name in names} for step in self.steps]
        return {"difference": self.difference, "steps": steps, "notes": self.notes}


@dataclass(frozen=True)
class _Stage:
    """An instance on the way, what its plan costs at most and at least, and where the next search begins."""

    source: Input
    cost: float
    bound: float
    beginning: Beginning


def why(
    before: Published,
    after: Published,
    tables: tuple[Input, Input],
    engine: Engine,
    seconds: float,
    doing: Callable[[str], None] = lambda group: None,
) -> Attribution:
    """What the difference in cost is owed to.

    Args:
        before: the earlier plan.
        after: the later one.
        tables: what they are plans of.
        engine: that plans the instances on the way.
        seconds: for each of them.
        doing: is told which group is planned.

    Raises:
        NoEarlierPlan: the plans have no period in common, or the later one begins before the other.
    """
    common(before, after)
    old, new = tables
    first, last = calendar_of(before), calendar_of(after)
    passed = sum(1 for t in range(first.periods) if first.first_day(t) < str(last.start))
    if last.start < first.start:
        raise NoEarlierPlan(f"{after.folder} begins before {before.folder}: name the earlier plan first.")
    stage = _Stage(old, before.document["objective"], before.document["bound"], taken_from(before.folder))
    steps, waiting, notes = list[Step](), list[str](), list[str]()
    for group, source in stages(stage.source, new, before, passed):
        waiting.append(group)
        if source is None:
            notes.append(f"{group} could not be told apart from what follows")
            continue
        if same(source, stage.source):
            if waiting == [group]:
                steps.append(Step(group, stage.cost, stage.bound, 0.0, (0.0, 0.0), {}))
                waiting.clear()
            continue
        if same(source, new):
            document = after.document
            following = _Stage(new, document["objective"], document["bound"], stage.beginning)
        else:
            doing(" and ".join(waiting))
            following = _planned(source, stage, engine, seconds)
        steps.append(_step(" and ".join(waiting), stage, following))
        stage = following
        waiting.clear()
    return Attribution(before.document["objective"], after.document["objective"], steps, notes)


def tables_of(plan: Published, found: tuple[Input, Sequence[str]]) -> Input:
    """The tables of a plan, as it was made of them.

    Raises:
        NoEarlierPlan: they are others by now.
    """
    source, others = found
    if others:
        raise NoEarlierPlan(
            f"The tables of {plan.folder} are not what they were when it was planned ({', '.join(others)}): why it "
            "differs cannot be told. Keep a copy of the tables of each week, and name it with --before or --after."
        )
    return source


def _planned(source: Input, last: _Stage, engine: Engine, seconds: float) -> _Stage:
    made = make(source, settled(source, time_limit=seconds), engine, lambda progress: None, last.beginning)
    return _Stage(source, made.objective, made.bound, taken_from(made))


def _step(group: str, one: _Stage, other: _Stage) -> Step:
    between = other.bound - one.cost, other.cost - one.bound
    return Step(group, other.cost, other.bound, other.cost - one.cost, between, differing(one.source, other.source))
