"""Compile speed: every way gives the same program, and the figures are written."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import compile_speed, family
from benchmarks.compile_by_hand import ByHand
from models.assemble import derive
from optimizer import read
from optimizer.compile import compile_book


def test_help_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        compile_speed.main(["--help"])
    assert "python -m benchmarks.compile_speed" in capsys.readouterr().out


def test_figures_of_a_small_size(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    asked = ["--sizes", "2x3,4x3", "--stock-up-to", "2x3", "--repeats", "1", "--processes", "0"]
    assert compile_speed.main([*asked, "--work", str(tmp_path), "--results", str(figures)]) == 0
    small, larger = json.loads(figures.read_text(encoding="utf-8"))["sizes"]
    assert {"by hand", "ours", "pyomo"} <= small["arrays"].keys()
    assert "pyomo" not in larger["arrays"]
    assert small["columns"] < larger["columns"]
    for row in (small, larger):
        for way, seconds in row["arrays"].items():
            assert row["with_hand_over"][way] == pytest.approx(seconds + row["hand_over"])


def test_a_program_that_differs_in_one_bit_is_another(tmp_path: Path) -> None:
    family.write(2, 3, 1, tmp_path)
    made = read(tmp_path).instance
    book = derive(made)
    program = compile_book(made, book).program
    assert compile_speed.same(program, ByHand(book).program())
    cost = program.cost.copy()
    cost[5] *= 1 + 1e-15
    assert not compile_speed.same(program, replace(program, cost=cost))


def test_by_hand_there_is_only_the_family(tmp_path: Path) -> None:
    family.write(2, 3, 1, tmp_path, "rich")
    with pytest.raises(ValueError, match="only the family"):
        ByHand(derive(read(tmp_path).instance))
