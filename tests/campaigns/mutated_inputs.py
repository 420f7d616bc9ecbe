"""Input files with bytes, cells, rows and columns changed at random: a reading or faults, never a traceback or a hang.

    python -m tests.campaigns.mutated_inputs --count 10000 --seed 1

Each case is a random instance over all rules, as a folder of CSV files or as a workbook, with one to three changes in
its tables or settings. `replenish check` must end with 0 or 1 within ten seconds; where it finds no fault, every
tenth is planned as well. Python's own warnings count as tracebacks.
"""

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from optimizer.commands import terminal
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.command_line import called, disagreements
from tests.campaigns.drawn.files import write_workbook
from tests.campaigns.drawn.instance import instance
from tests.reference.folder import write_instance
from tests.solve.in_process import NO_PLAN

CELLS = (
    b"", b" ", b"-1", b"0", b"1e308", b"1e999", b"-1e400", b"nan", b"inf", b"-inf", b"9" * 40,
    b"1.7976931348623157e308", b"4.9e-324", b"0x10", b"1_000", b"1,5", b"1.000,5", b"NULL", b"=1+1",
    b"=cmd|' /C calc'!A0", b"2026-02-30", b"0000-00-00", b"9999-12-31", b"9999-W53", b"2026-W54", b"10000-01-01",
    b"-0001-01-01", b"true", b"\xf0\x9f\x92\xa9", b"\xef\xbb\xbf", b"\xe2\x80\x8b", b"\xc2\xa0", b"\x00",
    b"x" * 100_000, b"\xd9\xa3", b"\xc2\xbd", b"1e-320", b"\xe2\x88\x925", b"--1", b"+5",
)  # fmt: skip
BYTES = (
    b'"', b",", b";", b"\t", b"\n", b"\r", b"\x00", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"-", b"'", b"[", b"]", b"=",
    b"#", b"\\",
)  # fmt: skip
SETTINGS = (
    b"periods = 0", b"periods = -3", b"periods = 100000", b"periods = 2000",
    b"periods = 1e9", b"periods = 13.5", b"periods = true", b'periods = "13"', b"start = 9999-12-31",
    b"start = 0001-01-01", b"start = 2026-11-23T10:00:00Z", b'start = "soon"', b'period = "year"', b'period = "day"',
    b"name = 7", b'name = "../../etc"', b'name = ""', b'name = "\\u0000"', b"solve = 3", b"[solve]\ngap = -1",
    b"[solve]\ngap = nan", b"[solve]\ntime_limit = inf", b"[solve]\nthreads = 0", b"[horizon]\nfrozen = 1e300",
    b"[horizon]\nwhole_packs = -1", b"[costs]\nholding_rate = nan", b"[costs]\nholding_rate = 1e308",
    b"[costs]\nshortage_rate = -1", b'[read]\ndelimiter = ""', b'[read]\ndelimiter = ","',
    b'[read]\ndelimiter = "\\n"', b'[read]\ndecimal = ","', b'[read]\nencoding = "utf-16"',
    b'[read]\nencoding = "rot13"', b'[read]\nencoding = "zip"', b'[read]\nencoding = "punycode"',
    b'[read]\nencoding = "undefined"', b'[read]\ndate_format = "%Q"', b'[read]\ndate_format = "%d.%m.%y"',
    b"[read]\ntrim = 3", b'currency = "\\ud800"', b"[[solve]]", b"start.x = 1", b"[allocation]\nstrict_tiers = 7",
)  # fmt: skip
PLANNED = 10  # of so many sound cases one is planned


def case(number: int, run: Run) -> Iterator[str]:
    """One instance, changed."""
    dice = random.Random(number)
    drawn, home = instance(number % 997), run.folder()
    if dice.random() < 0.15:
        source = home / "book.xlsx"
        write_workbook(source, drawn)
        told = _changed(source, dice.sample(ON_BYTES, dice.randint(1, 2)), dice)
    else:
        source = home / "folder"
        write_instance(source, drawn.tables, drawn.settings)
        told = []
        for _ in range(dice.randint(1, 3)):
            path = dice.choice(sorted(source.iterdir()))
            changes = ON_SETTINGS if path.suffix == ".toml" else ON_TABLES
            told += _changed(path, [dice.choice(changes)], dice)
    ended, out = called("check", source), home / "plan"
    run.counts[f"exit code {ended.code}"] += 1
    run.most("longest [seconds of processor]", round(ended.seconds, 1))
    for text in disagreements(ended, out):
        if "no whole plan" not in text:
            yield f"{', '.join(told)}: {text}"
    if ended.code == 0 and dice.randrange(PLANNED) == 0:
        ended = called("plan", source, "-o", out, "--time-limit", 1, "--gap", 0.05, "--threads", 1)
        run.counts["planned"] += 1
        run.counts[f"planned: exit code {ended.code}"] += 1
        if ended.code == terminal.FAILED and NO_PLAN in ended.err:  # where rules are hard, a second may be too short
            run.counts["no plan in time"] += 1
            return
        yield from (f"planned, {', '.join(told)}: {text}" for text in disagreements(ended, out))


Change = Callable[[bytes, random.Random], bytes]


def _changed(path: Path, changes: list[Change], dice: random.Random) -> list[str]:
    for change in changes:
        path.write_bytes(change(path.read_bytes(), dice))
    return [f"{path.name} {change.__name__.strip('_')}" for change in changes]


def _flipped(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8) if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _put_in(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.choice(BYTES) * dice.choice((1, 1, 3)) + data[at + dice.choice((0, 0, 1, 9)) :]


def _repeated(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at : at + dice.randint(1, 200)] * 2 + data[at:]


def _empty(data: bytes, dice: random.Random) -> bytes:
    return dice.choice((b"", b"\n", b"\n\n\n", b"\xef\xbb\xbf", b"\x00" * 100, b"{}", b"PK\x03\x04", b"%PDF-1.4"))


def _in_another_encoding(data: bytes, dice: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(
        dice.choice(("utf-16", "utf-32", "cp1252", "latin-1", "utf-7")), "replace"
    )


def _cell(data: bytes, dice: random.Random) -> bytes:
    rows = [row.split(b",") for row in data.split(b"\n")]
    row = dice.choice(rows)
    row[dice.randrange(len(row))] = dice.choice(CELLS)
    return _joined(rows)


def _cells_of_a_column(data: bytes, dice: random.Random) -> bytes:
    rows, put = [row.split(b",") for row in data.split(b"\n")], dice.choice(CELLS)
    column = dice.randrange(len(rows[0]))
    for row in rows[1:]:
        if column < len(row):
            row[column] = put
    return _joined(rows)


def _cells_swapped(data: bytes, dice: random.Random) -> bytes:
    rows = [row.split(b",") for row in data.split(b"\n")]
    one, other = dice.choice(rows), dice.choice(rows)
    k, n = dice.randrange(len(one)), dice.randrange(len(other))
    one[k], other[n] = other[n], one[k]
    return _joined(rows)


def _row_twice(data: bytes, dice: random.Random) -> bytes:
    rows = data.split(b"\n")
    rows.insert(dice.randrange(len(rows) + 1), dice.choice(rows))
    return b"\n".join(rows)


def _row_ragged(data: bytes, dice: random.Random) -> bytes:
    rows = [row.split(b",") for row in data.split(b"\n")]
    row = dice.choice(rows)
    row.insert(dice.randrange(len(row) + 1), dice.choice(CELLS)) if dice.random() < 0.5 else row.pop()
    return _joined(rows)


def _column_twice(data: bytes, dice: random.Random) -> bytes:
    rows = [row.split(b",") for row in data.split(b"\n")]
    column = dice.randrange(len(rows[0]))
    return _joined([[*row, row[column]] if column < len(row) else row for row in rows])


def _column_gone(data: bytes, dice: random.Random) -> bytes:
    rows = [row.split(b",") for row in data.split(b"\n")]
    column = dice.randrange(len(rows[0]))
    return _joined([row[:column] + row[column + 1 :] for row in rows])


def _columns_swapped(data: bytes, dice: random.Random) -> bytes:
    header, *rows = data.split(b"\n")
    names = header.split(b",")
    dice.shuffle(names)
    return b"\n".join([b",".join(names), *rows])


def _other_delimiter(data: bytes, dice: random.Random) -> bytes:
    return data.replace(b",", dice.choice((b";", b"\t", b"|", b" ", b",,")))


def _line_of_settings(data: bytes, dice: random.Random) -> bytes:
    put = dice.choice(SETTINGS)
    key = put.split(b" ")[0]
    lines = [line for line in data.split(b"\n") if not line.startswith(key + b" ") or dice.random() < 0.1]
    return b"\n".join([*lines, put] if put.startswith(b"[") else [put, *lines])


def _joined(rows: list[list[bytes]]) -> bytes:
    return b"\n".join(b",".join(row) for row in rows)


ON_BYTES: tuple[Change, ...] = (_flipped, _cut, _put_in, _repeated, _empty)
ON_TABLES: tuple[Change, ...] = (
    *ON_BYTES, _in_another_encoding, _cell, _cell, _cell, _cell, _cells_of_a_column, _cells_of_a_column, _cells_swapped,
    _row_twice, _row_ragged, _column_twice, _column_gone, _columns_swapped, _other_delimiter,
)  # fmt: skip
ON_SETTINGS: tuple[Change, ...] = (*ON_BYTES, _in_another_encoding, *[_line_of_settings] * 8)


CAMPAIGN = Campaign("mutated_inputs", 1, "0 tracebacks, 0 hangs over 10 s", 10_000, 15, case)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
