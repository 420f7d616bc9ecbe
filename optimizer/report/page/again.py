"""Again: a published plan as the plan in memory that it was, for whatever shows plans."""

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd

from models.instance import Instance
from optimizer.results.plan import Plan


class OnDisk(Protocol):
    """A plan's folder as it was read (`optimizer.read.published`)."""

    @property
    def document(self) -> Mapping[str, Any]:
        """What `plan.json` says."""

    @property
    def run(self) -> Mapping[str, Any]:
        """What `run.json` says."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Result tables by file stem."""


def again(there: OnDisk, instance: Instance) -> Plan:
    """The plan, without the trace of its run.

    Raises:
        KeyError: `plan.json` lacks a figure.
    """
    said = there.document
    return Plan(
        name=said["name"],
        currency=said["currency"],
        status=said["status"],
        objective=float(said["objective"]),
        bound=float(said["bound"]),
        gap=float(said["gap"]),
        gap_money=float(said["gap_money"]),
        gap_controllable=float(said["gap_controllable"]),
        seconds=float(said["seconds"]),
        fill_rate_on_time=float(said["fill_rate_on_time"]),
        fill_rate=float(said["fill_rate"]),
        counts=dict(said["counts"]),
        accounts=dict(said["accounts"]),
        warnings=list(said["warnings"]),
        tables=dict(there.tables),
        instance=instance,
        run=dict(there.run),
        trace=[],
    )
