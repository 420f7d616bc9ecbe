"""Report: a plan for people, in the terminal; tables and plans in, what is shown out."""

from optimizer.report.busy import busy
from optimizer.report.progress import progress
from optimizer.report.projection import projection
from optimizer.report.summary import summary

__all__ = ["busy", "progress", "projection", "summary"]
