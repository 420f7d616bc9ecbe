"""Check: everything that is wrong, or looks wrong, in an instance, without planning it."""

from optimizer.check.checking import Report, check, plausibility
from optimizer.check.grouped import grouped

__all__ = ["Report", "check", "grouped", "plausibility"]
