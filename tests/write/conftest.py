"""Publications of these tests write a stub for the workbook, which has tests of its own, unless they ask for the true one."""

import pytest

from tests.campaigns.kill_publication import stub_workbook


@pytest.fixture(autouse=True)
def workbook_stub(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "true_workbook" not in request.keywords:
        monkeypatch.setattr("optimizer.write.folder.write_workbook", stub_workbook)
