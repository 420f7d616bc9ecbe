"""Where a plan may go."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from optimizer.write import TargetRefused, prepare, publish
from optimizer.write.target import check, folder_name, of_run, resolved
from tests.write.plans import no_audit, plan


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("health-supplies", "health-supplies"),
        ("Demo & more", "Demo-more"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "plan"),
        ("", "plan"),
        ("con", "plan-con"),
        ("nul.txt", "plan-nul.txt"),
        ("C:\\x", "C-x"),
        ("Wäsche", "Wäsche"),
        ("a\nb\x00c", "a-b-c"),
        ("x" * 300, "x" * 80),
        ("ä" * 300, "ä" * 40),
    ],
)
def test_a_name_becomes_a_folder_that_climbs_nowhere(name: str, folder: str) -> None:
    assert folder_name(name) == folder


def test_runs_sort_by_time(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 23, 6, 0, 0, 5000, tzinfo=UTC)
    east = moment.astimezone(timezone(timedelta(hours=9)))
    first, second = of_run("demo", tmp_path, east), of_run("demo", tmp_path, moment + timedelta(milliseconds=1))
    assert first.name.startswith("20261123T060000.005Z-")
    assert first.name < second.name
    assert first.parent == tmp_path / "demo"


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    publish(plan(), tmp_path / "real", no_audit)
    (tmp_path / "link").symlink_to("real")
    assert publish(plan(objective=1.0, bound=1.0), tmp_path / "link", no_audit) == tmp_path / "real"
    assert (tmp_path / "link").is_symlink()


def test_a_root_and_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(TargetRefused, match="cannot be a plan"):
        resolved(Path("/"))
    with pytest.raises(TargetRefused, match="cannot be followed"):
        resolved(tmp_path / "a")


def test_nothing_and_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    check(tmp_path / "empty")
    check(tmp_path / "new")
    publish(plan(), tmp_path / "empty", no_audit)
    assert (tmp_path / "empty" / "plan.json").is_file()


def _file(out: Path) -> None:
    out.write_text("mine")


def _home(out: Path) -> None:
    out.mkdir()
    (out / "letter.txt").write_text("mine")


def _another_plan(out: Path) -> None:
    out.mkdir()
    (out / "plan.json").write_text("{}")
    (out / "run.json").write_text(json.dumps({"product": "other", "files": {}}))


def _damaged(out: Path) -> None:
    publish(plan(), out, no_audit)
    (out / "run.json").write_text("[" * 100_000)


def _list_for_a_run(out: Path) -> None:
    publish(plan(), out, no_audit)
    (out / "run.json").write_text("[]")


def _with_notes(out: Path) -> None:
    publish(plan(), out, no_audit)
    (out / "notes.txt").write_text("mine")


@pytest.mark.parametrize("make", [_file, _home, _another_plan, _damaged, _list_for_a_run, _with_notes])
def test_what_is_not_ours_is_refused_and_untouched(tmp_path: Path, make: object) -> None:
    out = tmp_path / "out"
    assert callable(make)
    make(out)
    before = _content(tmp_path)
    with pytest.raises(TargetRefused, match=r"is a file|is not a plan|notes\.txt"):
        prepare("demo", out)
    with pytest.raises(TargetRefused):
        publish(plan(), out, no_audit)
    assert _content(tmp_path) == before


@pytest.mark.parametrize("litter", ["~$plan.xlsx", ".~lock.plan.xlsx#", ".DS_Store", "Thumbs.db"])
def test_what_programs_leave_does_not_stand_in_the_way(tmp_path: Path, litter: str) -> None:
    out = publish(plan(), tmp_path / "out", no_audit)
    (out / litter).write_text("")
    publish(plan(), out, no_audit)
    assert not (out / litter).exists()


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
