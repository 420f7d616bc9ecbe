"""Frontier: a sweep as a table of points, with what each plan costs apart from what is varied, and what that buys.

    cost_own      what the plan costs at the planner's own penalties                                   [money]
    varied_own    of it, on account of what is varied: waiting, shortage, …                            [money]
    cost_other    cost_own - varied_own: what the plan costs without it                                [money]

The frontier is cost_other against a fill rate where penalties of waiting or shortage are varied, else against
varied_own. Weighted sums find the corners of the exact frontier's hull: between two points there may be plans that no
factor leads to.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from optimizer.results.plan import Plan
from optimizer.solve.program import Floats
from optimizer.tune.audited import audited
from optimizer.tune.groups import Group, changed_tables, told
from optimizer.tune.knee import dominated, knee
from optimizer.tune.result import Axis, Tuned, suggested_tables
from optimizer.tune.sweep import Sweep
from optimizer.tune.trials import LEAST_GAP, Trial, Trials

OTHER = Axis("cost_other", "cost without what is varied")
RATES = {
    "fill_rate": Axis("fill_rate", "fill rate", share=True),
    "fill_rate_on_time": Axis("fill_rate_on_time", "fill rate on time", share=True),
}
VARIED = Axis("varied_own", "what is varied, at your own penalties")
WAITING, LOSING = {"backorder_cost", "backorder_rate", "weight", "late_cost"}, {"shortage_cost", "shortage_rate"}
RULE = (
    "The knee is the point that is farthest from the chord between the frontier's two ends, cost and service both "
    "brought to 0 … 1."
)


class Contradiction(Exception):
    """A proven bound is above a plan: the solver has erred, and nothing it says of this sweep is to be trusted."""


def tuned_sweep(sweep: Sweep) -> Tuned:
    """What a sweep came to; every plan in it is audited.

    Raises:
        AuditRefused: a plan failed its audit.
        Contradiction: bounds and plans of the points contradict each other.
    """
    trials, limits = sweep.trials, sweep.intervals
    if limits.contradicted:
        place = limits.contradicted[0]
        raise Contradiction(
            f"at {label(trials.groups, sweep.points[place])} a plan costs {limits.upper[place]:,.6f}, less than what "
            "the solver has proven there or at the points around it: it has erred. Nothing was published."
        )
    plans = audited_plans(trials, sweep.points)
    points = table(trials, sweep.points, plans, sweep.moved, sweep.positions, limits.lower)
    points["bound_alone"] = [trial.bound for trial in sweep.points]
    up, down = axis_of(trials.groups)
    points["dominated"], points["knee"] = marks(points, up.column, down)
    chosen = int(np.argmax(points["knee"])) if points["knee"].any() else None
    document = {
        "varied": [group.name for group in trials.groups],
        "knee_rule": RULE,
        "chords": limits.carried,
        "solves": trials.solves,
        "seconds": sum(trial.seconds for trial in sweep.points),
        "interrupted": trials.stopped,
    }
    sentences = _sentences(sweep, points, chosen)
    return with_choice(
        Tuned(
            "sweep", trials.source.name, trials.source.instance.currency, points, OTHER, up, sentences, document, down,
            chosen, run=trials.run.record(trials.source, trials.stopped),
        ),
        trials,
        None if chosen is None else sweep.points[chosen],
        None if chosen is None else float(limits.lower[chosen]),
    )  # fmt: skip


def audited_plans(trials: Trials, points: Sequence[Trial]) -> list[Plan]:
    """The plan of each point; one that several points share is made and audited at the first of them.

    Raises:
        AuditRefused: the audit found something.
    """
    found: dict[int, Plan] = {}
    for trial in points:
        if trial.best not in found:
            found[trial.best] = audited(trial.priced.source, trials.plan(trial))
    return [found[trial.best] for trial in points]


def with_choice(result: Tuned, trials: Trials, trial: Trial | None, bound: float | None = None) -> Tuned:
    """The result with the plan and the penalties of a trial; `bound`: more than its own search has proven."""
    if trial is None:
        return result
    plan = trials.plan(trial, bound)
    own, other = trials.source, trial.priced.source
    suggested = suggested_tables(own, other, changed_tables(own, trials.groups))
    settings: dict[str, dict[str, Any]] = {}
    for group, factor in zip(trials.groups, trial.priced.factors, strict=True):
        if group.setting is not None and factor != 1.0:
            section, name = group.setting
            settings.setdefault(section, {})[name] = group.number * factor
    return replace(result, plan=plan, source=other, suggested=suggested, settings=settings)


def table(
    trials: Trials,
    points: Sequence[Trial],
    plans: Sequence[Plan],
    moved: Floats,
    positions: Sequence[float],
    bounds: Sequence[float] | Floats,
) -> pd.DataFrame:
    """One row for each point; of its plan only what no penalty changes is taken."""
    own, rows = trials.own, []
    for number, (trial, plan, position, bound) in enumerate(zip(points, plans, positions, bounds, strict=True), 1):
        x = trials.plans[trial.best]
        cost = trials.cost(trial.priced, trial.best)
        least = min(float(bound), cost)
        cost_own, varied = own.program.objective(x), float(moved @ x)
        factors = trial.priced.factors
        rows.append(
            {
                "point": number,
                "label": label(trials.groups, trial),
                "factor": position,
                **_by_group(trials.groups, factors),
                "cost_other": cost_own - varied,
                "varied_own": varied,
                "cost_own": cost_own,
                "fill_rate_on_time": plan.fill_rate_on_time,
                "fill_rate": plan.fill_rate,
                "orders": plan.counts["orders"],
                "plan": trial.best + 1,
                "cost": cost,
                "bound": least,
                "gap": (cost - least) / abs(cost) if cost else 0.0,
                "own": int(set(factors) == {1.0}),
                "solved": trial.how,
                "seconds": trial.seconds,
                **{f"own_{account}": money for account, money in accounts(trials, x).items()},
            }
        )
    return pd.DataFrame(rows)


def accounts(trials: Trials, x: Floats) -> dict[str, float]:
    """Money by account at the planner's own penalties; adds up to what the plan costs there."""
    found: dict[str, float] = {}
    for charge, amounts in trials.whole(trials.own)[1].compiled.amounts(x):
        if len(charge.index):
            found[charge.account] = found.get(charge.account, 0.0) + float(amounts.sum())
    return found


def label(groups: Sequence[Group], trial: Trial) -> str:
    """A point in a few words: `× 2`; `= 0.1` of a setting; each group by its name where they differ."""
    each = [told(group, factor) for group, factor in zip(groups, trial.priced.factors, strict=True)]
    if len(set(each)) == 1:
        return each[0]
    return ", ".join(f"{group.name} {one}" for group, one in zip(groups, each, strict=True))


def axis_of(groups: Sequence[Group]) -> tuple[Axis, bool]:
    """What the cost buys, and whether less of it is better."""
    columns = {column for group in groups for column in group.columns}
    if columns & WAITING:
        return RATES["fill_rate_on_time"], False
    if columns & LOSING:
        return RATES["fill_rate"], False
    return VARIED, True


def marks(points: pd.DataFrame, up: str, down: bool) -> tuple[Any, Any]:
    """Whether each point is dominated, and is the knee: 0 or 1."""
    cost, service = points["cost_other"].to_numpy("float64"), points[up].to_numpy("float64")
    service = -service if down else service
    best, at_knee = knee(cost, service), np.zeros(len(points), dtype=np.int64)
    if best is not None:
        at_knee[best] = 1
    return dominated(cost, service).astype(np.int64), at_knee


def _by_group(groups: Sequence[Group], factors: Sequence[float]) -> dict[str, float]:
    """A column for each group where there are several, or a setting."""
    if len(groups) == 1 and groups[0].setting is None:
        return {}
    return {group.name: group.shown(factor) for group, factor in zip(groups, factors, strict=True)}


def _sentences(sweep: Sweep, points: pd.DataFrame, chosen: int | None) -> list[str]:
    trials = sweep.trials
    worst = float(points["gap"].max())
    names = " and ".join(group.name for group in trials.groups)
    sentences = [
        f"{names}: {len(points)} points, {trials.solves} solves, {points['plan'].nunique()} plans; every plan is "
        f"audited, and none costs more than {worst:.2%} above the least possible at its penalties."
    ]
    missing = sweep.wanted - len(points)
    if missing:
        sentences.append(f"Of {missing} more points nothing was proven before the time was over, or you stopped.")
    wide = int((points["gap"] > max(trials.run.asked.gap, LEAST_GAP)).sum())
    if wide:
        sentences.append(f"{wide} of the points did not reach the gap asked for; give it more time.")
    near = int((points["gap"] > sweep.fine + LEAST_GAP).sum())
    if near and not wide:
        sentences.append(
            f"At {near} of the points the gap is large against a step, so that they may have the plan of their "
            f"neighbour where another is the best: --gap {float(np.median(sweep.fine)):.1g} tells them apart."
        )
    repeated = _repeated(points)
    out = int(points["dominated"].sum()) - repeated
    if repeated:
        sentences.append(
            f"{repeated} of the points have the cost and the service of another; the frontier has it once."
        )
    if out:
        sentences.append(f"{out} of the points are dominated: another costs no more and serves no less.")
    if chosen is None:
        sentences.append("The frontier has no knee: too few points of it differ, or it is straight.")
    else:
        row = points.iloc[chosen]
        sentences.append(f"The knee is at {row['label']}. {RULE}")
    if not sweep.intervals.carried:
        sentences.append("Costs are not concave along the sweep, so no bound was carried from one point to another.")
    return sentences


def _repeated(points: pd.DataFrame) -> int:
    """How many points are dominated only because another is the same."""
    kept = points[points["dominated"] == 0]
    figures = [("cost_other", 0), ("fill_rate_on_time", 6), ("fill_rate", 6), ("varied_own", 0)]

    def rounded(frame: pd.DataFrame) -> list[tuple[float, ...]]:
        return [tuple(row) for row in np.column_stack([frame[name].round(places) for name, places in figures]).tolist()]

    known = set(rounded(kept))
    return sum(row in known for row in rounded(points[points["dominated"] == 1]))
