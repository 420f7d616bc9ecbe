"""Shown: what is put together from a plan's tables for people, once, however many of its files show it."""

from functools import cached_property

import pandas as pd

from optimizer.report.pegging import pegged
from optimizer.report.projection import projection
from optimizer.results.plan import Plan


class Shown:
    """The stock projection and the pegging of a plan, each made when it is first asked for."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def projection(self) -> pd.DataFrame:
        """How stock unfolds (`optimizer.report.projection`)."""
        return projection(self.plan.tables, self.plan.instance)

    @cached_property
    def pegging(self) -> pd.DataFrame:
        """Which receipt serves whom (`optimizer.report.pegging`)."""
        return pegged(self.plan.tables, self.plan.instance)
