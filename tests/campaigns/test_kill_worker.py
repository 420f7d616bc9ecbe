"""A few cases of the campaign of lost workers, and that it would see what it looks for."""

import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("finds processes in /proc", allow_module_level=True)

from tests.campaigns import kill_worker
from tests.campaigns.kill_worker import Hurt, Trial


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """A run of a fraction of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kill_worker, "TIME_LIMIT", 0.2)
        return Trial("whole", tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("case", [Hurt("kills itself", 0.0, False), Hurt("another size", 0.0, False)], ids=str)
def test_a_worker_that_is_lost_once_costs_no_plan(case: Hurt, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kill_worker, "TIME_LIMIT", 0.2)
    bad, words = trial.run(case)
    assert (bad, words[:2]) == ([], "0 ")


def test_one_that_never_starts_is_set_aside(trial: Trial) -> None:
    bad, words = trial.run(Hurt("no start", 0.0, True))
    assert (bad, words[:2]) == ([], "3 ")
    assert "could not be started" in words


def test_what_must_not_be_is_seen(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def untold(seed: int) -> tuple[int, str]:
        return 0, ""

    def torn(seed: int) -> tuple[int, str]:
        (trial.out / "plan.json").write_bytes(b"")
        return 3, ""

    for run, told in ((untold, ["changed"]), (torn, ["partial"]), (lambda seed: (3, ""), ["no plan"])):
        monkeypatch.setattr(trial, "_run", run)
        assert trial.run(Hurt(None, 1.0, False))[0] == told


def test_an_instance_of_each_kind_can_be_written(tmp_path: Path) -> None:
    for name, write in kill_worker.INSTANCES.items():
        write(tmp_path / name)
        assert (tmp_path / name / "instance.toml").is_file()
