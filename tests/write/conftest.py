"""Publications of these tests write stubs for the workbook and the page, which have tests of their own."""

import pytest

from tests.campaigns.kill_publication import stub_page, stub_workbook


@pytest.fixture(autouse=True)
def stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.write.folder.write_workbook", stub_workbook)
    monkeypatch.setattr("optimizer.write.folder.report_of", stub_page)
