"""Pages are put in place whole, and only in the place of pages; the command makes them of plans and of sweeps."""

import errno
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from optimizer.cli import app
from optimizer.read.earlier import NoEarlierPlan
from optimizer.report.page import plan_page
from optimizer.report.shown import Shown
from optimizer.write import PublishError, TargetRefused, publish
from optimizer.write.pages import put, report_of
from tests.write.plans import no_audit, plan

INSTANCE = {
    "instance.toml": 'name = "Demo & more"\nstart = 2026-11-23\nperiods = 4\n',
    "items.csv": "item,description,price\n00123,Gloves,2.5\nNA,,3\n",
    "suppliers.csv": "supplier\nACME\n",
    "sourcing.csv": "item,supplier,unit_cost,lead_time\n00123,ACME,2.5,2\nNA,ACME,3,2\n",
    "demand.csv": "item,customer,due,quantity\n00123,c1,2026-11-23,8\nNA,c1,2026-W49,7\n",
    "inventory.csv": "item,location,on_hand,safety_stock\n00123,main,10,5\n",
}


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir()
    for name, text in INSTANCE.items():
        (folder / name).write_text(text)
    return folder


def test_a_page_is_put_and_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "page.html"
    for words in ("one", "two"):
        page = plan_page(Shown(plan()), [words])
        put(page, path)
        assert path.read_text(encoding="utf-8") == page
        assert os.listdir(path.parent) == ["page.html"]


def test_what_is_no_page_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.html").write_text("<p>Dear all</p>")
    (tmp_path / "folder").mkdir()
    for name in ("letter.html", "folder"):
        with pytest.raises(TargetRefused, match="is not a report, and is left as it is"):
            put("page", tmp_path / name)
    assert (tmp_path / "letter.html").read_text() == "<p>Dear all</p>"


def test_a_full_disk_leaves_the_earlier_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    path = tmp_path / "page.html"
    before = plan_page(Shown(plan()), [])
    put(before, path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PublishError, match=r"page\.html: the disk is full\."):
        put(plan_page(Shown(plan()), ["other"]), path)
    assert path.read_text(encoding="utf-8") == before
    assert os.listdir(tmp_path) == ["page.html"]


def test_a_plan_has_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.write.folder.report_of", report_of)
    folder = publish(plan(), tmp_path / "plan", no_audit)
    page = (folder / "report.html").read_bytes()
    assert b"This plan is within 2.5% of the best possible." in page
    assert json.loads((folder / "run.json").read_bytes())["files"]["report.html"]["bytes"] == len(page)


def test_the_page_of_a_published_plan(tmp_path: Path, instance: Path) -> None:
    folder = publish(plan(run={"inputs": {"demand.csv": "other"}}), tmp_path / "plan", no_audit)
    out = tmp_path / "page.html"
    found = CliRunner().invoke(app, ["report", str(folder), "-o", str(out), "--instance", str(instance)])
    assert (found.exit_code, found.exception) == (0, None)
    assert found.stdout.replace("\n", "").endswith("page.html: open it in a browser.")
    page = out.read_text(encoding="utf-8")
    # The descriptions are the instance's of now, the rest the plan's; what has changed since is told.
    assert "This plan is within 2.5% of the best possible." in page
    assert '"about":["Gloves",""]' in page
    assert "demand.csv has changed since this was planned." in page


def test_a_plan_that_a_crash_set_aside_is_put_back_first(tmp_path: Path, instance: Path) -> None:
    publish(plan(), tmp_path / "plan.previous", no_audit)
    (tmp_path / ".plan.swap").write_text("swap\n")
    call = ["report", str(tmp_path / "plan"), "-o", str(tmp_path / "page.html"), "--instance", str(instance)]
    assert CliRunner().invoke(app, call).exit_code == 0
    assert (tmp_path / "plan" / "plan.json").is_file()


def test_the_page_of_a_sweep(tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    folder.mkdir()
    points = "factor,cost_other,fill_rate,fill_rate_on_time,dominated,knee\n1,100,0.9,0.8,0,0\n2,120,0.95,0.9,0,1\n"
    (folder / "frontier.csv").write_text(points)
    said = {"name": "mine", "currency": "USD", "against": "fill_rate", "sentences": ["Certified."]}
    (folder / "tune.json").write_text(json.dumps(said))
    out = tmp_path / "page.html"
    assert CliRunner().invoke(app, ["report", str(folder), "-o", str(out)]).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert "The knee is at 95.0% delivered in all, for 120 USD." in page
    assert "<p>Certified.</p>" in page
    (folder / "frontier.csv").write_text("factor\n1\n")
    failed = CliRunner().invoke(app, ["report", str(folder), "-o", str(out)])
    assert isinstance(failed.exception, NoEarlierPlan)
    assert "needs the column" in str(failed.exception)


def test_what_is_no_plan_is_told(tmp_path: Path, instance: Path) -> None:
    failed = CliRunner().invoke(app, ["report", str(instance), "-o", str(tmp_path / "page.html")])
    assert isinstance(failed.exception, NoEarlierPlan)
    folder = publish(plan(), tmp_path / "plan", no_audit)
    said = json.loads((folder / "plan.json").read_bytes())
    del said["bound"]
    (folder / "plan.json").write_text(json.dumps(said))
    call = ["report", str(folder), "-o", str(tmp_path / "page.html"), "--instance", str(instance)]
    assert "it has no entry 'bound'" in str(CliRunner().invoke(app, call).exception)
    assert not (tmp_path / "page.html").exists()
