"""Watching a child: its end, its use, and its children's."""

import sys
import time
from pathlib import Path

from benchmarks.watch import Watched, watched

# A child that keeps 80 MB and starts one of its own, in a session of its own, that keeps 60 MB and works.
FAMILY = """
import subprocess, sys
kept = bytearray(80_000_000); kept[::4096] = b"x" * len(kept[::4096])
own = subprocess.Popen([sys.executable, "-c", '''
import time
kept = bytearray(60_000_000); kept[::4096] = b"x" * len(kept[::4096])
end = time.process_time() + {work}
while time.process_time() < end: pass
'''], start_new_session=True)
print(own.pid, flush=True)
own.wait()
"""


def run(code: str, limit: float, tmp_path: Path, **environment: str) -> tuple[Watched, str]:
    log = tmp_path / "log"
    return watched([sys.executable, "-c", code], limit, log, environment=environment), log.read_text()


def test_the_end_and_the_words(tmp_path: Path) -> None:
    ended, said = run("import os, sys; print(os.environ['HUE']); sys.exit(3)", 300, tmp_path, HUE="red")
    assert (ended.code, ended.late, said) == (3, False, "red\n")
    assert ended.errors == "red\n"


def test_memory_and_cpu_of_the_whole_family(tmp_path: Path) -> None:
    ended, _ = run(FAMILY.format(work=1.0), 600, tmp_path)
    assert ended.code == 0
    assert ended.peak_mb > 140
    assert ended.cpu >= 1.0
    assert ended.wall >= 1.0


def test_at_the_limit_all_of_them_are_ended(tmp_path: Path) -> None:
    for limit in (1.0, 5.0, 25.0):  # a slow machine needs longer until the child has started its own
        ended, said = run(FAMILY.format(work=1000), limit, tmp_path)
        assert ended.late is True
        assert ended.code != 0
        if said[:1].isdigit():
            break
    until, own = time.monotonic() + 60, Path(f"/proc/{int(said.split()[0])}/stat")
    while own.exists() and own.read_text().rpartition(")")[2].split()[0] != "Z" and time.monotonic() < until:
        time.sleep(0.01)
    assert not own.exists() or own.read_text().rpartition(")")[2].split()[0] == "Z"
