"""Publications of these tests write a stub for the workbook, which has tests of its own."""

import pytest

from tests.campaigns.kill_publication import stub_workbook


@pytest.fixture(autouse=True)
def workbook_stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.write.folder.write_workbook", stub_workbook)
