"""Folder and picture: what is written, that it can be read again, and that nothing else is replaced."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from optimizer.tune.folder import publish_result, settings_text
from optimizer.tune.frontier import tuned_sweep
from optimizer.tune.picture import picture
from optimizer.tune.result import Axis, Tuned
from optimizer.tune.sweep import path, ranged, swept
from optimizer.write import TargetRefused
from tests.tune.breaking_even import trials
from tests.tune.test_frontier import three_items

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def result() -> Tuned:
    """A sweep with a knee."""
    source = three_items()
    return tuned_sweep(swept(trials(source, "shortage_cost"), *path([ranged(source, "shortage_cost=1..4")], 6, "even")))


def test_the_folder(result: Tuned, tmp_path: Path) -> None:
    folder = publish_result(result, tmp_path / "out")
    points = pd.read_csv(folder / "frontier.csv")
    assert points["cost_other"].tolist() == result.points["cost_other"].tolist()
    assert "label" not in points.columns
    said = json.loads((folder / "tune.json").read_text(encoding="utf-8"))
    assert said["kind"] == "sweep"
    assert said["against"] == "fill_rate"
    assert said["points"][said["chosen"] - 1]["knee"] == 1
    assert (folder / "plan" / "purchase_orders.csv").is_file()
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!")
    suggested = pd.read_csv(folder / "suggested" / "items.csv", dtype=str)
    assert suggested["item"].tolist() == ["A", "B", "D"]
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert written == {"run.json", *run["files"]}
    assert publish_result(result, tmp_path / "out") == folder  # an earlier one is replaced
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_it_replaces_no_plan(result: Tuned, tmp_path: Path) -> None:
    folder = publish_result(result, tmp_path / "out")
    with pytest.raises(TargetRefused, match="is not a result of tuning"):
        publish_result(result, folder / "plan")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(TargetRefused, match=r"no result of tuning does \(notes.txt"):
        publish_result(result, folder)


def test_settings_are_lines_to_copy() -> None:
    assert settings_text({"costs": {"backorder_rate": 0.1}}).splitlines()[1:] == ["[costs]", "backorder_rate = 0.1"]


def test_the_picture_marks_what_the_table_does(result: Tuned) -> None:
    drawn = ET.fromstring(picture(result))
    assert drawn.tag == f"{SVG}svg"
    assert len(drawn.findall(f"{SVG}circle/{SVG}title")) == len(result.points)
    assert len(drawn.findall(f"{SVG}polygon")) == 2  # the knee, and what it means
    hollow = [circle for circle in drawn.findall(f"{SVG}circle") if circle.find(f"{SVG}title") is not None]
    assert sum(circle.get("fill") == "white" for circle in hollow) == result.points["dominated"].sum()


def test_the_picture_says_names_as_they_are() -> None:
    points = pd.DataFrame(
        {"label": ["<1>", "b"], "x": [5.0, 5.0], "y": [0.5, 0.5], "dominated": [0, 1], "knee": [0, 0], "own": [0, 0]}
    )
    one = Tuned("sweep", "<script>", "EUR", points, Axis("x", "a & b"), Axis("y", "c", share=True), [], {})
    text = picture(one)
    assert "<script>" not in text
    assert "&lt;1&gt;: 5, 50.0%" in text
    ET.fromstring(text)  # figures that are all the same have a scale, too
