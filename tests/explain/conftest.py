"""The plans of the tiny instances, made once."""

from pathlib import Path

import pytest

from optimizer import explain
from optimizer.explain import widening
from tests.explain.tiny import CAPACITY, COGS, planned


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wider circles are decided however slow the machine is."""
    monkeypatch.setattr(widening, "LEAST_SECONDS", 600.0)


@pytest.fixture(scope="session")
def cogs_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the plan of COGS."""
    return planned(tmp_path_factory.mktemp("cogs"), COGS)


@pytest.fixture(scope="session")
def cogs(cogs_plan: Path) -> explain.Questions:
    """The plan of COGS."""
    return explain.opened(cogs_plan, seconds=600.0)


@pytest.fixture(scope="session")
def capacity_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the plan of CAPACITY."""
    return planned(tmp_path_factory.mktemp("capacity"), CAPACITY)


@pytest.fixture(scope="session")
def capacity(capacity_plan: Path) -> explain.Questions:
    """The plan of CAPACITY."""
    return explain.opened(capacity_plan, seconds=600.0)
