"""Compare: what is different between plans, and why: costs, orders, demand lines, over the weeks that both have."""

from optimizer.compare.comparison import Comparison, compared

__all__ = ["Comparison", "compared"]
