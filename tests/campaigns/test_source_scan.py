"""That the scan of the source sees what it looks for, and nothing else; the source itself is scanned in test_small."""

import pytest

from tests.campaigns.source_scan import dangers


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import json, pickle", "1: imports pickle"),
        ("from marshal import loads", "1: imports marshal"),
        ("from os import path, system", "1: imports os.system"),
        ("x = 1\neval(text)", "2: calls eval"),
        ("os.popen(text)", "1: calls os.popen"),
        ("run(words, shell=shell)", "1: calls with shell"),
        ("np.load(path, allow_pickle=True)", "1: calls with allow_pickle"),
        ('database.execute(f"select * from {name}")', "1: puts a statement together from strings"),
        ("database.execute(text)", "1: puts a statement together from strings"),
    ],
)
def test_what_is_dangerous_is_told(source: str, told: str) -> None:
    assert list(dangers(source)) == [told]


def test_what_is_not_is_not() -> None:
    harmless = 'import json\nfrom os import path\nrun(words, shell=False)\ndatabase.execute("select 1")\nmodel.eval()\n'
    assert list(dangers(harmless)) == []
