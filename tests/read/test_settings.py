"""Settings: each fault in `instance.toml`, with the message that the planner gets."""

# ruff: noqa: E501  messages stand in one piece, so that they can be searched for

from pathlib import Path

import pytest

from models.tables import Kind, Setting
from optimizer.read import Declarations, InputFaults, read

from .small import SMALL, findings, read_small, write

HEAD = "start = 2026-11-23\nperiods = 13\n"


def told(folder: Path, toml: str | bytes) -> list[str]:
    return findings(folder, {"instance.toml": toml})


@pytest.mark.parametrize(
    ("toml", "messages"),
    [
        (
            'name = "x"\nstart = 2026-11-23\nperiods = 13.5\n',
            ["fault: instance.toml, row 3, key periods: periods = 13.5 is not a whole number of periods, 1 to 2000"],
        ),
        (
            "start = 23.11.2026\n",
            [
                "fault: instance.toml, row 1: 'start = 23.11.2026' is not a setting (expected newline or end of document after "
                'a statement); texts stand in quotation marks (name = "Mainz"), dates are 2026-11-23, numbers have a decimal point'
            ],
        ),
        (
            'start = "23.11.2026"\n',
            [
                'fault: instance.toml, row 1, key start: start = "23.11.2026" is not an ISO date or week, such as 2026-11-23',
                "fault: instance.toml, key periods: periods is missing: write a whole number of periods, 1 to 2000",
            ],
        ),
        (
            f'{HEAD}name = "../x"\nperiod = "weeks"\ncurrency = ""\n',
            [
                'fault: instance.toml, row 3, key name: name = "../x" is not a name that can be a folder: '
                'no / \\ : * ? " < > |, and no dot in front',
                'fault: instance.toml, row 4, key period: period = "weeks" is not "day", "week" or "month"',
                'fault: instance.toml, row 5, key currency: currency = "" is not a currency, such as "EUR"',
            ],
        ),
        (
            f"{HEAD}[solve]\ngap = 2\nthreads = true\nseed = -1\ntime_limit = inf\ntime_limt = 3\n",
            [
                "fault: instance.toml, row 4, key solve.gap: solve.gap = 2 is not a share from 0 to below 1, such as 0.01",
                "fault: instance.toml, row 7, key solve.time_limit: solve.time_limit = inf is not a number of seconds above 0",
                "fault: instance.toml, row 5, key solve.threads: solve.threads = true is not a whole number of threads, 1 or more",
                "fault: instance.toml, row 6, key solve.seed: solve.seed = -1 is not a whole number from 0 to 2147483647",
                "warning: instance.toml, row 8, key solve.time_limt: 'solve.time_limt' is not a setting, and not read; "
                "did you mean 'solve.time_limit'?",
            ],
        ),
        (
            f'{HEAD}[read]\ndelimiter = ";;"\ndate_format = "%d.%m"\nencoding = "klingon"\n',
            [
                'fault: instance.toml, row 4, key read.delimiter: read.delimiter = ";;" is not one character, such as ";" or "\\t"',
                'fault: instance.toml, row 5, key read.date_format: read.date_format = "%d.%m" is not a format that tells day, '
                'month and year, such as "%d.%m.%Y"',
                'fault: instance.toml, row 6, key read.encoding: read.encoding = "klingon" is not a known encoding, '
                'such as "utf-8" or "cp1252"',
            ],
        ),
        (
            f'{HEAD}[read]\nthousands = "."\n',
            [
                "fault: instance.toml, row 4, key read.thousands: decimal and thousands cannot be the same sign"
            ],
        ),
        (
            f'{HEAD}[horizon]\nfrozen = 1.5\nfrozn = 1\n[costs]\nholding_rate = "a"\n',
            [
                "fault: instance.toml, row 4, key horizon.frozen: horizon.frozen = 1.5 is not a whole number, 0 or more (periods)",
                'fault: instance.toml, row 7, key costs.holding_rate: costs.holding_rate = "a" is not a number, '
                "0 or more (share of the price a year)",
                "warning: instance.toml, row 5, key horizon.frozn: 'horizon.frozn' is not a setting, and not read; "
                "did you mean 'horizon.frozen'?",
            ],
        ),
        (
            f"{HEAD}curency = 'EUR'\nsolve = 3\nhorizon = 4\n[reed]\nx = 1\n",
            [
                "fault: instance.toml, row 4, key solve: [solve] is a section: write its keys below a line [solve]",
                "fault: instance.toml, row 5, key horizon: [horizon] is a section: write its keys below a line [horizon]",
                "warning: instance.toml, row 3, key curency: 'curency' is not a setting, and not read; did you mean 'currency'?",
                "warning: instance.toml, row 6, key reed: 'reed' is not a setting, and not read; did you mean 'read'?",
            ],
        ),
        (
            "start = 1850-01-01\nperiods = 13\n",
            ["fault: instance.toml, row 1, key start: start = 1850-01-01 is not an ISO date or week, such as 2026-11-23"],
        ),
        (b'x = "\xe4"', ["fault: instance.toml, row 1: the text is not UTF-8; save the file as UTF-8"]),
        ("a = " + "[" * 5000, ["fault: instance.toml: brackets are nested too deeply"]),
        ("start = 2026-11-23\na" + ".a" * 50_000 + " = 1", ["fault: instance.toml, row 2: keys are nested too deeply"]),
        ("a = " + "9" * 5000, ["fault: instance.toml: a number has thousands of digits"]),
        ("#" * 1_000_001, ["fault: instance.toml: the file is larger than 1,000,000 bytes; it should hold settings only"]),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_told_at_its_line(tmp_path: Path, toml: str | bytes, messages: list[str]) -> None:
    assert told(tmp_path, toml) == messages


@pytest.mark.parametrize("start", ["2026-11-23", '"2026-11-23"', '"2026-W48"', "2026-11-23T08:00:00", "2026-11-29"])
def test_start_is_a_day_or_a_week(tmp_path: Path, start: str) -> None:
    # All in the week of Monday, 23 November 2026.
    found = read_small(tmp_path, {"instance.toml": f"start = {start}\nperiods = 13\n"})
    assert str(found.instance.calendar.start) == "2026-11-23"


@pytest.mark.parametrize("length", [60, 61])
def test_long_names_and_values_are_cut(tmp_path: Path, length: int) -> None:
    name, cut = "x" * length, "x" * length if length <= 60 else "x" * 59 + "…"
    value = '"' + "y" * (length - 2) + '"'
    shown = value if length <= 60 else value[:59] + "…"
    assert told(tmp_path, f"{HEAD}{name} = 1\nperiod = {value}\n[solve]\n{name} = 2\n") == [
        f'fault: instance.toml, row 4, key period: period = {shown} is not "day", "week" or "month"',
        f"warning: instance.toml, row 3, key {cut}: '{cut}' is not a setting, and not read",
        f"warning: instance.toml, row 6, key solve.{cut}: 'solve.{cut}' is not a setting, and not read",
    ]


def test_dotted_keys_have_their_line(tmp_path: Path) -> None:
    assert told(tmp_path, f"{HEAD}solve.gap = 7\n")[0].startswith("fault: instance.toml, row 3, key solve.gap:")


def test_a_name_that_no_folder_can_have_is_replaced_where_nobody_wrote_it(tmp_path: Path) -> None:
    assert read_small(tmp_path / ".hidden", {"instance.toml": HEAD}).name == "instance"


def test_a_part_may_add_to_a_section_of_the_engine(tmp_path: Path) -> None:
    depth = Setting("solve", "depth", Kind.COUNT, "How deep.", default=3.0)
    declared = Declarations(SMALL.tables, (depth,))
    folder = write(tmp_path, {"instance.toml": f"{HEAD}solve = 3\n"})
    with pytest.raises(InputFaults) as faults:
        read(folder, declarations=declared)
    assert [str(found) for found in faults.value.findings] == [
        "instance.toml, row 3, key solve: [solve] is a section: write its keys below a line [solve]"
    ]
    write(folder, {"instance.toml": f"{HEAD}[solve]\ndepth = 5\n"})
    found = read(folder, declarations=declared)
    assert (found.instance.settings, found.warnings) == ({"solve.depth": 5.0}, [])
