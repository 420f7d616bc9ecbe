"""Baseline: what a plan by another rule would have cost on the same tables.

Its orders and deliveries are priced by the contract (followed.py). In every run that is an estimate, and said to be
one; where it is asked for it is written as a plan, and the audit recomputes it from the tables, with every rule. Where
the audit finds anything, the rule does not keep what must be kept, and there is no figure.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pandas as pd

from optimizer.audit import audit
from optimizer.compare.followed import Followed
from optimizer.compare.min_max import min_max
from optimizer.planning import dates_as_written
from optimizer.read.input import Input
from optimizer.results.plan import Plan
from optimizer.write import disk
from optimizer.write.documents import as_json
from optimizer.write.tables import written

KNOWN = frozenset(
    ("items", "suppliers", "locations", "customers", "inventory", "open_orders", "sourcing", "supplier_capacity")
) | {"demand"}
MOST = 20_000  # items up to which it is estimated unasked: a second for a thousand would be minutes for all

BaselineRule = Literal["min-max"]


@dataclass(frozen=True)
class Baseline:
    """What a rule's plan costs; `cost` None where it has none, and `note` says why, or what it left out."""

    rule: str
    cost: float | None
    accounts: Mapping[str, float]
    fill_rate_on_time: float | None
    fill_rate: float | None
    note: str
    audited: bool

    def record(self) -> dict[str, Any]:
        """What `plan.json` says of it."""
        return asdict(self)


def by_min_max(source: Input, bound: float | None = None) -> Baseline:
    """The plan of a min/max rule.

    Args:
        source: what is planned.
        bound: no plan costs less; None: do not have it audited.
    """
    others = sorted(name for name, table in source.text.items() if name not in KNOWN and len(source.instance[name]))
    if others:
        return _without(f"the rule knows nothing of {', '.join(others)}", bound is not None)
    decided = min_max(source.instance)
    followed = Followed(source.instance, decided)
    accounts, rates = followed.accounts(), followed.fill_rates()
    cost = sum(accounts.values())
    if bound is not None:
        violations = audited(source, followed.tables(), accounts, min(bound, cost), rates)
        if violations:
            return _without(f"it does not keep the rules: {violations[0]}", True)
    given_up = len(decided.given_up)
    left = f"{given_up:,} items are not ordered, as it cannot keep their shares" if given_up else ""
    return Baseline("min-max", cost, accounts, *rates, left, bound is not None)


def with_baseline(made: Plan, source: Input, rule: BaselineRule | None = None) -> Plan:
    """The plan with what min/max would have cost: an estimate, audited where the rule is asked for."""
    if rule is None and len(source.instance["items"]) > MOST:
        return made
    try:
        found = by_min_max(source, None if rule is None else made.bound)
    except Exception as error:  # a figure beside the plan: its failure does not take the plan away
        found = _without(f"a failure of ours: {error!r}", rule is not None)
    return replace(made, run=made.run | {"baseline": found.record()})


def _without(note: str, asked: bool) -> Baseline:
    return Baseline("min-max", None, {}, None, None, note, asked)


def audited(
    source: Input,
    tables: Mapping[str, pd.DataFrame],
    accounts: Mapping[str, float],
    bound: float,
    rates: tuple[float, float],
) -> list[str]:
    """What the audit says of it."""
    with TemporaryDirectory() as scratch:
        write(tables, accounts, bound, rates, Path(scratch))
        found = audit(source.text, source.settings_text, Path(scratch), written=dates_as_written(source))
    return [str(violation) for violation in found]


def write(
    tables: Mapping[str, pd.DataFrame],
    accounts: Mapping[str, float],
    bound: float,
    rates: tuple[float, float],
    folder: Path,
) -> None:
    """The rule's plan as a folder that the audit and other commands read."""
    cost = sum(accounts.values())
    gap, controllable = cost - bound, abs(cost - accounts.get("purchase", 0.0))
    document = {
        "status": "feasible", "objective": cost, "bound": bound, "gap_money": gap,
        "gap": gap / abs(cost) if cost else 0.0, "gap_controllable": gap / controllable if controllable else 0.0,
        "fill_rate_on_time": rates[0], "fill_rate": rates[1], "accounts": dict(accounts),
    }  # fmt: skip
    for name, frame in tables.items():
        disk.write_file(folder / f"{name}.csv", written(frame).blocks())
    disk.write_file(folder / "plan.json", [as_json(document)])
