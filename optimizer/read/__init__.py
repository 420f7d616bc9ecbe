"""Read: planners' tables, from CSV folders, workbooks or DataFrames, to typed tables with every fault located."""

from optimizer.read.input import Declarations, Input, default_declarations
from optimizer.read.located import InputFaults, Located
from optimizer.read.reading import read
from optimizer.read.settings_keys import Solve

__all__ = ["Declarations", "Input", "InputFaults", "Located", "Solve", "default_declarations", "read"]
