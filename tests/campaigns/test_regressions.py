"""What was wrong once is not wrong again: every folder under tests/regressions by the check that found it."""

from pathlib import Path

import pytest

from tests.campaigns import regressions
from tests.campaigns.campaign import again
from tests.campaigns.drawn.instance import instance


@pytest.mark.parametrize("folder", regressions.folders(), ids=lambda folder: folder.name)
def test_it_is_mended(folder: Path) -> None:
    drawn, case = regressions.read(folder)
    assert case is not None
    assert again(case.check, drawn, case.number) == []


def test_an_instance_with_its_case_comes_back_as_it_was(tmp_path: Path) -> None:
    drawn, case = instance(8), regressions.Case("audited", 8, 'a "rule"\nis broken')
    regressions.write(tmp_path / "x", drawn, case)
    back, found = regressions.read(tmp_path / "x")
    assert found == regressions.Case("audited", 8, 'a "rule" is broken')
    assert (back.tables, back.settings) == (drawn.tables, drawn.settings)
    drawn.drop("items")
    regressions.write(tmp_path / "x", drawn, case)
    assert "items" not in regressions.read(tmp_path / "x")[0].tables
