"""Replenish: what to order, from whom, how much, and who gets what is scarce.

    from optimizer import read, plan

    result = plan(read("instances/quickstart"), out="my-plan")
    result.purchase_orders      # a DataFrame with the columns of purchase_orders.csv
    result.gap_money            # how far from the best possible the plan can be

`read` takes a folder, a workbook or DataFrames and raises `InputFaults` with all that is wrong; `plan` solves, audits
and, where told, publishes.
"""

from optimizer.planning import plan
from optimizer.read import InputFaults, read

__version__ = "0.1.0"
__all__ = ["InputFaults", "plan", "read"]
