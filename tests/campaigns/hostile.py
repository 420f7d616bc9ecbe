"""Hostile files: refused, or read as what they are, in two seconds and 300 MB; nothing gets out of its place.

    python -m tests.campaigns.hostile --count 60 --seed 1

Bombs, entities, paths that climb, links and devices, bottomless nesting, cells of megabytes, SQL and script in ids.
Each file is made, read and planned in processes of their own, so that time and memory are its own; where it can be
planned, nothing may be written but the plan. Linux only: the memory is what the kernel says.
"""

import json
import os
import random
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from optimizer.check import check as check_instance
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.command_line import called
from tests.campaigns.drawn.faults import base
from tests.campaigns.drawn.files import write_workbook
from tests.campaigns.drawn.odd import with_odd_ids
from tests.campaigns.drawn.rule import Drawn
from tests.reference.folder import write_instance

SECONDS, MEGABYTES = 2.0, 300.0
SAFETY = 3_000_000_000  # bytes that a process may ask for at most, so that a bomb that goes off hurts nobody
HARD = 60  # seconds of processor time, likewise
Make = Callable[[random.Random, Path], Path]


def case(number: int, run: Run) -> Iterator[str]:
    """The kind whose turn it is."""
    name, make = KINDS[number % len(KINDS)]
    home = run.folder()
    made = _in_a_process(lambda: [str(make(random.Random(number), home))])
    path = Path(made["outcome"][0])
    found = _in_a_process(lambda: _looked_at(path, home))
    run.counts[f"{name}: {found['outcome']}"] += 1
    run.most("most seconds", round(found["seconds"], 2))
    run.most("most megabytes", round(found["megabytes"]))
    if found["outcome"] not in ("refused", "read"):
        yield f"{name}: {found['outcome']}"
    if found["seconds"] > SECONDS:
        yield f"{name}: it took {found['seconds']:.1f} s"
    if found["megabytes"] > MEGABYTES:
        yield f"{name}: it took {found['megabytes']:.0f} MB"
    if found["outcome"] == "read":
        wrong = _in_a_process(lambda: list(_planned(path, home)))["outcome"]
        yield from (f"{name}: {text}" for text in (wrong if isinstance(wrong, list) else [wrong]))


def _looked_at(path: Path, home: Path) -> str:
    before = _beside(home)
    report = check_instance(path)
    told = [str(finding) for finding in report.findings]
    if any("root:" in text for text in told):
        return "tells what is in a file of the system"
    if _beside(home) != before:
        return f"writes {sorted(_beside(home) - before)}"
    return "read" if report.sound else "refused" if report.faults else "refused without a word"


def _beside(home: Path) -> set[str]:
    return {str(path) for path in home.parent.rglob("*")}


def _planned(path: Path, home: Path) -> Iterator[str]:
    """A plan of it goes where it was told, and nowhere else."""
    before, here = _beside(home), Path.cwd()
    (home / "work").mkdir()
    os.chdir(home / "work")
    try:
        ended = called("plan", path, "--time-limit", 0, "--threads", 1)
    finally:
        os.chdir(here)
    if ended.code != 0:
        yield f"it was not planned ({ended.code}): {ended.err[-200:]}"
    inside = str(home / "work")
    strange = [name for name in _beside(home) - before if not name.startswith(inside)]
    if strange or {entry.name for entry in (home / "work").iterdir()} - {"plans"}:
        yield f"it wrote {strange or list((home / 'work').iterdir())}"
    for page in (home / "work").rglob("*.html"):
        if "<script>alert" in page.read_text(encoding="utf-8"):
            yield f"{page.name} has a script of the input"


def _in_a_process(look: Callable[[], str | list[str]]) -> dict[str, Any]:
    """What a look came to, and what it took: seconds of processor time, megabytes in all."""
    back, out = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(back)
            resource.setrlimit(resource.RLIMIT_AS, (_address_space() + SAFETY, resource.RLIM_INFINITY))
            resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + HARD, HARD * 10))
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins here
            began = time.process_time()
            outcome: str | list[str]
            try:
                outcome = look()
            except BaseException as error:
                outcome = f"{type(error).__name__}: {str(error)[:300]}"
            said = {"outcome": outcome, "seconds": time.process_time() - began, "megabytes": _peak()}
            os.write(out, json.dumps(said).encode())
        finally:
            os._exit(0)
    os.close(out)
    with os.fdopen(back, "rb") as pipe:
        answer = pipe.read()
    status = os.waitpid(child, 0)[1]
    if not answer:
        return {"outcome": f"the process ended by signal {status}", "seconds": float(HARD), "megabytes": 0.0}
    said_of: dict[str, Any] = json.loads(answer)
    return said_of


def _peak() -> float:
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def _address_space() -> int:
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmSize"))
    return int(line.split()[1]) * 1000


def _folder(home: Path, change: Callable[[Path], None], drawn: Drawn | None = None) -> Path:
    made = drawn or base(random.Random(1))
    write_instance(home / "instance", made.tables, made.settings | {"periods": 8})
    change(home / "instance")
    return home / "instance"


def _file(name: str, content: Callable[[random.Random], bytes]) -> Make:
    return lambda dice, home: _folder(home, lambda folder: _put(folder / name, content(dice)))


def _put(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _link(name: str, target: str) -> Make:
    def put(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return lambda dice, home: _folder(home, put)


def _pipe(dice: random.Random, home: Path) -> Path:
    def put(folder: Path) -> None:
        (folder / "items.csv").unlink()
        os.mkfifo(folder / "items.csv")

    return _folder(home, put)


def _named(name: str) -> Make:
    """A name that climbs."""

    def put(folder: Path) -> None:
        path = folder / "instance.toml"
        text = path.read_text(encoding="utf-8").replace('name = "sound"', f"name = {json.dumps(name)}")
        path.write_text(text, encoding="utf-8")

    return lambda dice, home: _folder(home, put)


def _ids(*ids: str) -> Make:
    def make(dice: random.Random, home: Path) -> Path:
        many = tuple(f"{one}{k or ''}" for k in range(8) for one in ids)
        return _folder(home, lambda folder: None, with_odd_ids(dice, base(dice), many))

    return make


def _workbook(home: Path, change: Callable[[dict[str, bytes]], None], name: str = "book.xlsx") -> Path:
    """A sound workbook with members of its archive changed."""
    drawn = base(random.Random(1))
    drawn.settings |= {"periods": 8}
    write_workbook(home / "sound.xlsx", drawn)
    with zipfile.ZipFile(home / "sound.xlsx") as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    (home / "sound.xlsx").unlink()
    change(members)
    with zipfile.ZipFile(home / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return home / name


def _member(name: str, change: Callable[[bytes], bytes]) -> Make:
    def make(dice: random.Random, home: Path) -> Path:
        return _workbook(home, lambda members: members.update({name: change(members.get(name, b""))}))

    return make


def _after_head(text: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        return head + mark + text + rest

    return change


def _bomb(megabytes: int) -> Make:
    def make(dice: random.Random, home: Path) -> Path:
        path = _workbook(home, lambda members: None)
        block = b"<!-- " + b" " * 999_990 + b"-->"
        packed = zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1)
        with packed as archive, archive.open("xl/media/a.xml", "w") as member:
            for _ in range(megabytes):
                member.write(block)
        return path

    return make


def _wide(dice: random.Random, home: Path) -> Path:
    book = xlsxwriter.Workbook(str(home / "book.xlsx"))
    for name in ("instance", "items"):
        sheet = book.add_worksheet(name)
        sheet.write(0, 0, "item")
        sheet.write(1_048_575, 16_383, "far")
    book.close()
    return home / "book.xlsx"


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + k, b"&%c;" % (97 + k) * 20) for k in range(12))
    + b"]>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:%s/etc/passwd">]>' % b"//"
SHEET, BOOK, RELATIONS = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
HEADER = b"item,customer,due,quantity\n"
KINDS: tuple[tuple[str, Make], ...] = (
    ("a bomb of 250 MB", _bomb(250)),
    ("a bomb of 1 GB", _bomb(1_000)),
    ("laughs in a sheet", _member(SHEET, _after_head(LAUGHS))),
    ("laughs in the strings", _member("xl/sharedStrings.xml", _after_head(LAUGHS))),
    ("laughs in the book", _member(BOOK, _after_head(LAUGHS))),
    ("an outside entity", _member(SHEET, _after_head(OUTSIDE))),
    ("an outside entity in UTF-16", _member(SHEET, lambda data: _after_head(OUTSIDE)(data).decode().encode("utf-16"))),
    ("a member that climbs", lambda dice, home: _workbook(home, lambda of: of.update({"../../evil.txt": b"x"}))),
    ("a sheet that is outside",
     _member(RELATIONS, lambda data: data.replace(b"worksheets/sheet2.xml", b"/etc/passwd"))),
    ("a sheet that climbs", _member(RELATIONS, lambda data: data.replace(b"worksheets/", b"../../../../etc/"))),
    ("a sheet to the last cell", _wide),
    ("20,000 members",
     lambda dice, home: _workbook(home, lambda of: of.update({f"xl/media/{k}.xml": b"" for k in range(20_000)}))),
    ("a row number beyond all rows",
     _member(SHEET, lambda data: data.replace(b'<row r="2"', b'<row r="999999999999"'))),
    ("a cell beyond all columns", _member(SHEET, lambda data: data.replace(b'r="A2"', b'r="ZZZZZZ99999999"'))),
    ("a string that is not there", _member(SHEET, lambda data: data.replace(b"<v>1</v>", b"<v>99999999999</v>"))),
    ("a link to the system's users", _link("customers.csv", "/etc/passwd")),
    ("a link to zeros without end", _link("items.csv", "/dev/zero")),
    ("settings of zeros without end", _link("instance.toml", "/dev/zero")),
    ("a link to itself", _link("items.csv", "items.csv")),
    ("a pipe that nobody fills", _pipe),
    ("a name that climbs", _named("../../../tmp/evil")),
    ("a name of the root", _named("/etc/evil")),
    ("a name that is a dot", _named("..")),
    ("a name of Windows", _named("C:\\Windows\\evil")),
    ("SQL in ids", _ids("'; DROP TABLE items; --", "1' OR '1'='1", "x\"); DELETE FROM plan; --")),
    ("script in ids", _ids("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)")),
    ("paths in ids", _ids("../../etc/passwd", "..\\..\\x", "/etc/passwd", "file:" + "///etc/passwd", "~/x")),
    ("format strings in ids", _ids("%s%n", "{0.__class__}", "${HOME}", "[bold]x[/bold]", "\\x1b[31m")),
    ("a terminal's codes in ids", _ids("\x1b[2Jred", "\x1b]0;title\x07", "a\x08b")),
    ("nesting in the settings", _file("instance.toml", lambda dice: b"a = " + b"[" * 100_000)),
    ("tables within tables in the settings", _file("instance.toml", lambda dice: b"a" + b".a" * 50_000 + b" = 1\n")),
    ("a number of 100,000 digits in the settings", _file("instance.toml", lambda dice: b"periods = " + b"9" * 100_000)),
    ("a row of 1,000,000 cells", _file("demand.csv", lambda dice: HEADER + b"," * 1_000_000)),
    ("a header of 200,000 columns", _file("demand.csv", lambda dice: b"item" + b",x" * 200_000 + b"\n")),
    ("a header of 50,000 names",
     _file("demand.csv", lambda dice: b"item," + b",".join(b"c%d" % k for k in range(50_000)) + b"\n")),
    ("a cell of 20 MB", _file("demand.csv", lambda dice: HEADER + b"A1,C1,2026-12-07," + b"9" * 20_000_000)),
    ("a quoted cell of 20 MB", _file("demand.csv", lambda dice: HEADER + b'"' + b"\n" * 20_000_000)),
    ("a million quotation marks", _file("demand.csv", lambda dice: HEADER + b'"' * 1_000_001)),
    ("5,000 unknown ids", _file("demand.csv", lambda dice: HEADER + b"".join(
        b"%d,C1,2026-12-07,1\n" % dice.randrange(10**12) for _ in range(5_000)))),
    ("a number that never ends", _file("demand.csv", lambda dice: HEADER + b"A1,C1,2026-12-07,1e" + b"9" * 99_999)),
    ("a date that never ends", _file("demand.csv", lambda dice: HEADER + b"A1,C1," + b"2026-" * 99_999 + b",1\n")),
    ("bytes of chance", _file("demand.csv", lambda dice: dice.randbytes(2_000_000))),
    ("a workbook that is text", lambda dice, home: _text_as_workbook(home)),
    ("settings that are a link to the system's users", _link("instance.toml", "/etc/passwd")),
)  # fmt: skip


def _text_as_workbook(home: Path) -> Path:
    (home / "book.xlsx").write_bytes(b"item,price\nA1,1\n")
    return home / "book.xlsx"


CAMPAIGN = Campaign("hostile", 18, "0 escapes; refused in 2 s and 300 MB", len(KINDS), 0, case)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
