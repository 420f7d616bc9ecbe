"""Answer: what a search for targets came to, told with its bracket and what speaks against it."""

import numpy as np
import pandas as pd

from optimizer.report.text import amount, percent
from optimizer.tune.frontier import OTHER, audited_plans, marks, table, with_choice
from optimizer.tune.groups import Group
from optimizer.tune.result import Axis, Tuned
from optimizer.tune.target import LARGEST, Reached, Sought


def tuned_target(sought: Sought) -> Tuned:
    """What a search for targets came to; the plan at the answer is audited.

    Raises:
        AuditRefused: a plan failed its audit.
    """
    trials, made = sought.trials, sorted(sought.plans(), key=lambda one: one[0])
    tried = [trial for _, trial, _ in made]
    plans = audited_plans(trials, tried)
    moved = trials.moved([trial.priced for trial in tried])
    bounds = [trial.bound for trial in tried]
    points = table(trials, tried, plans, moved, [factors[0] for factors, _, _ in made], bounds)
    rates = np.array([rates for _, _, rates in made])
    for k in range(len(sought.targets)):
        points[f"rate_{k + 1}"] = rates[:, k]
    up = Axis("rate_1", sought.targets[0].service.name, share=True)
    points["dominated"], _ = marks(points, up.column, False)
    points["knee"] = [int(trial is sought.last) for trial in tried]
    chosen = int(np.argmax(points["knee"])) if points["knee"].any() else None
    answers = [_record(answer, group) for answer, group in zip(sought.reached, trials.groups, strict=True)]
    document = {
        "targets": answers,
        "solves": trials.solves,
        "seconds": sum(trial.seconds for trial in tried),
        "interrupted": trials.stopped,
    }
    sentences = [_told(answer, group) for answer, group in zip(sought.reached, trials.groups, strict=True)]
    if chosen is not None:
        row = points.iloc[chosen]
        dearer = row["cost_other"] - _own_cost(points)
        than = "more than" if dearer >= 0 else "less than"
        sentences.append(
            f"The plan there costs {amount(row['cost_own'])} at your own penalties, {amount(row['cost_other'])} of it "
            "without them" + (f" ({amount(abs(dearer))} {than} the plan at your own)." if not np.isnan(dearer) else ".")
        )
    if trials.stopped or trials.run.left() <= 0:
        sentences.append("The search was cut off by the time or by hand: the brackets may be wide; give it more time.")
    worst = float(points["gap"].max())
    wide = sum(made > trial.asked_gap for made, trial in zip(points["gap"], tried, strict=True))
    if wide:
        sentences.append(
            f"{wide} of the trials did not reach their gap: the bracket is that of the plans found, and not proven; "
            "give it more time."
        )
    sentences.append(f"{trials.solves} solves; each plan is within {worst:.2%} of the least cost at its penalties.")
    result = Tuned(
        "target", trials.source.name, trials.source.instance.currency, points, OTHER, up, sentences, document,
        chosen=chosen, run=trials.run.record(trials.source, trials.stopped), knee_is="the answer",
    )  # fmt: skip
    return with_choice(result, trials, sought.last)


def _own_cost(points: pd.DataFrame) -> float:
    own = points[points["own"] == 1]
    return float(own["cost_other"].iloc[0]) if len(own) else float("nan")


def _record(answer: Reached, group: Group) -> dict[str, object]:
    return {
        "target": answer.target.service.name,
        "wanted": answer.target.wanted,
        "reached": answer.reached,
        "rate": answer.rate,
        "factor": answer.factor,
        "misses_at": answer.below,
        "penalties": sorted({f"{cells.table}.{cells.column}" for cells in group.cells}),
        "tried": [{"factor": factor, "rate": rate} for factor, rate in answer.tried],
        "against": answer.against,
    }


def _told(answer: Reached, group: Group) -> str:
    name, wanted = answer.target.service.name, percent(answer.target.wanted)
    penalties = " and ".join(sorted({f"{cells.table}.{cells.column}" for cells in group.cells}))
    if not answer.tried:
        return f"{name}: nothing was solved before the time was over."
    if not answer.reached:
        best = max(rate for _, rate in answer.tried)
        why = "what can be had in time sets the limit, not the penalty" if answer.factor >= LARGEST else "time was over"
        most = f"{percent(best)} is the most, at factors up to {answer.factor:.4g} ({why})"
        return f"{name} of {wanted} is not reached: {most}."
    told = f"{name} of {wanted} is reached, {percent(answer.rate)}, with {penalties} × {answer.factor:.4g}"
    told += f"; × {answer.below:.4g} misses it." if answer.below else "; no smaller factor that was tried misses it."
    if answer.against:
        factors = ", ".join(f"{factor:.4g}" for factor in answer.against)
        told += f" Smaller factors reach it all the same, by the gaps of their plans or by the mix of items: {factors}."
    return told
