"""What all tests share: `pytest --update` accepts the figures and texts that are compared with files."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expected files (golden LPs, expected.json)")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be rewritten and not compared."""
    return bool(request.config.getoption("--update"))
