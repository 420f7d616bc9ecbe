"""What all tests share: `pytest --update` accepts the figures and texts that are compared with files.

Compiled code (optimizer/decompose) takes a minute to compile where it never was. With several processes, one compiles
it while it runs tests/decompose, and who needs it elsewhere comes last: so nobody compiles it a second time meanwhile.
"""

import gc
from pathlib import Path

import hypothesis
import pytest

from benchmarks import family
from optimizer import crossroads
from optimizer.read import Input, read

HERE = Path(__file__).parent
# Examples are the same in every run, and none has a time limit: a machine may be slow.
hypothesis.settings.register_profile("replenish", deadline=None, derandomize=True)
hypothesis.settings.load_profile("replenish")
NEED_COMPILED = {
    HERE / "audit/test_many_items.py",
    HERE / "benchmarks/test_fixed_work.py",
    HERE / "campaigns/test_roads.py",
    HERE / "campaigns/test_small.py",
    HERE / "solve/test_engine.py",
    HERE / "test_roads.py",
}


@pytest.fixture(scope="session")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Input:
    """20 items of the family."""
    folder = tmp_path_factory.mktemp("family")
    family.write(20, 12, 1, folder)
    return read(folder)


@pytest.fixture
def by_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few lots are enough to be decided one by one."""
    monkeypatch.setattr(crossroads, "DECOMPOSED", 1)
    monkeypatch.setattr(crossroads, "EXTENDED", 1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expected files (golden LPs, expected.json)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path in NEED_COMPILED)


def pytest_collection_finish() -> None:
    """What is there now stays: who looks for garbage later need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be rewritten and not compared."""
    return bool(request.config.getoption("--update"))
