"""Finished: the figures beside the tables, by hand."""

import numpy as np
import pytest

from models.assemble import derive
from optimizer.compile import compile_book
from optimizer.results.finished import counted, finished
from tests.models.solved import PLAIN, instance


def test_figures_by_hand() -> None:
    # 4 on hand and 10 asked, nobody sells: 6 are lacking, and short at 100 each.
    made = instance(items=[PLAIN | {"item": "A"}], inventory=[{"on_hand": 4}], demand=[{"due": 1, "quantity": 10}])
    book = derive(made)
    compiled = compile_book(made, book)
    x = np.zeros(compiled.program.columns)
    x[compiled.columns["short"]] = 6.0
    memory = {"basis": None}
    made_of_it = finished(made, book, compiled, x, memory)  # type: ignore[arg-type]
    assert made_of_it.asked == 10
    assert made_of_it.lacking.tolist() == [6.0]
    assert made_of_it.sizes == {
        "demand_lines": 1, "variables": compiled.program.columns, "whole_number_variables": 0,
        "constraints": compiled.program.rows,
    }  # fmt: skip
    assert made_of_it.memory is memory
    assert made_of_it.collected.accounts["shortage"] == pytest.approx(compiled.program.objective(x))


def test_only_some_columns_and_rows_are_counted() -> None:
    made = instance(sourcing=[{"unit_cost": 2, "lead_time": 1}], demand=[{"due": 1, "quantity": 10}])
    book = derive(made)
    compiled = compile_book(made, book)
    place = np.zeros(compiled.program.columns, dtype=np.bool_)
    place[compiled.columns["place"]] = True
    none = np.zeros(compiled.program.rows, dtype=np.bool_)
    placed = len(book.indexes["orders"])
    assert counted(compiled, book, place, none) == {
        "demand_lines": 1, "variables": placed, "whole_number_variables": placed, "constraints": 0,
    }  # fmt: skip
