"""Files with bytes changed at random: a reading, or faults; never a traceback."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.check import check
from optimizer.read import InputFaults, read

from .small import SMALL, SOUND
from .test_workbook import book

FULL = SOUND | {
    "inventory.csv": "item,location,on_hand\nA1,main,5\nB2,main,-2\n",
    "demand.csv": 'item,customer,due,kind,quantity\nA1,"C 1",2026-12-07,order,10\nB2,C1,2026-W51,forecast,5.5\n',
}
BYTES = st.sampled_from(
    [b'"', b",", b";", b"\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"-", b"9" * 20, b"1e999", b"nan", b"[", b"="]
)
CHANGE = st.tuples(st.floats(0, 1), st.integers(0, 12), st.one_of(BYTES, st.binary(max_size=3)))
CHANGES = st.lists(CHANGE, min_size=1, max_size=4)
QUICK = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Each change cuts some bytes at a place and puts others there."""
    for place, cut, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + cut :]
    return data


@QUICK
@given(name=st.sampled_from(sorted(FULL)), changes=CHANGES)
def test_folders(name: str, changes: list[tuple[float, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for other, text in FULL.items():
            data = text.encode()
            (Path(folder) / other).write_bytes(changed(data, changes) if other == name else data)
        report = check(folder, declarations=SMALL)
        assert report.sound or report.faults
        assert all(str(finding) for finding in report.findings)


@settings(QUICK, max_examples=60)
@given(changes=CHANGES)
def test_workbooks(changes: list[tuple[float, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = book(Path(folder) / "plan.xlsx")
        path.write_bytes(changed(path.read_bytes(), changes))
        try:
            read(path, declarations=SMALL)
        except InputFaults as faults:
            assert faults.faults
