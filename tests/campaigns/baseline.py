"""Baseline: tests run once as they stand, and which line and branch of some files each of them runs.

    python -m tests.campaigns.baseline known.json

`coverage` tells what no test runs, and `mutants` which tests to try where a line is made wrong. A file of it holds as
long as nothing has changed; where only tests have, only those that did are run again for `mutants`.
"""

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PATHS = ("optimizer/read", "optimizer/check", "optimizer/audit", "optimizer/write")
TESTS = ("tests/read", "tests/check", "tests/audit", "tests/write")
OF_ALL = {"audit": ("test_audit.py", "test_corruptions.py")}  # tests of a package as a whole
PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@dataclass
class Baseline:
    """What was noted.

    Attributes:
        stamps: digest by file, of those that are measured and those of tests.
        tests: name and CPU seconds of each.
        lines: file, line (as text), numbers of tests.
        files: by file: how many lines and branches it has, and those that no test runs.
        percent: of lines and branches, those that are run.
        failed: tests that did not pass.
    """

    stamps: dict[str, str] = field(default_factory=dict)
    tests: list[tuple[str, float]] = field(default_factory=list)
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    percent: float = 0.0
    failed: list[str] = field(default_factory=list)

    def running(self, path: str, first: int, last: int, function: bool) -> list[tuple[str, float]]:
        """The tests that run lines of a file (any line, for what runs once), its own first, then the quickest."""
        lines = self.lines.get(path, {})
        asked = map(str, range(first, last + 1)) if function else lines
        chosen = {number for line in asked for number in lines.get(line, ())}
        own = {f"test_{Path(path).stem}.py", f"test_{Path(path).parent.name}.py", *OF_ALL.get(path.split("/")[1], ())}
        found = [self.tests[number] for number in chosen]
        return sorted(found, key=lambda test: (Path(test[0].partition("::")[0]).name not in own, test[1], test[0]))


def files_of(names: Sequence[str]) -> list[str]:
    """The Python files of folders, and files."""
    found = [Path(name).rglob("*.py") if Path(name).is_dir() else [Path(name)] for name in names]
    return [path.as_posix() for paths in found for path in sorted(paths)]


def baseline(paths: Sequence[str], tests: Sequence[str], kept: Path | None, whole: bool) -> Baseline:
    """The baseline that is kept in a file, or a new one; `whole` where tests that have not changed count, too.

    Raises:
        RuntimeError: tests cannot be collected.
    """
    stamps = {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in files_of([*paths, *tests])}
    old = Baseline(**json.loads(kept.read_text(encoding="utf-8"))) if kept and kept.is_file() else Baseline()
    changed = {path for path in {*stamps, *old.stamps} if stamps.get(path) != old.stamps.get(path)}
    if not changed:
        return old
    again = [path for path in sorted(changed) if Path(path).name.startswith("test_") and path in stamps]
    if whole or not old.stamps or not all(Path(path).name.startswith("test_") for path in changed):
        again, old = list(tests), Baseline()
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch) / "noted.json"
        call = [sys.executable, "-m", "tests.campaigns.baseline", str(told), "--paths", *paths, "--tests", *again]
        ended = subprocess.run(call, stdout=sys.stderr, check=False)
        if ended.returncode:
            raise RuntimeError(f"the tests cannot be run: exit code {ended.returncode}")
        new = Baseline(**json.loads(told.read_text(encoding="utf-8")))
    if old.stamps:
        new = _merged(old, new, changed)
    new.stamps = stamps
    if kept:
        kept.write_text(json.dumps(asdict(new)), encoding="utf-8")
    return new


def _merged(old: Baseline, new: Baseline, changed: set[str]) -> Baseline:
    """The tests of files that have not changed, and the new ones."""
    stays = {k: place for place, k in enumerate(
        k for k, (name, _) in enumerate(old.tests) if name.partition("::")[0] not in changed
    )}  # fmt: skip
    tests = [*(old.tests[k] for k in stays), *new.tests]
    lines = {}
    for path in new.lines:
        before, after = old.lines.get(path, {}), new.lines[path]
        lines[path] = {
            line: [
                *(stays[k] for k in before.get(line, ()) if k in stays),
                *(k + len(stays) for k in after.get(line, ())),
            ]
            for line in {*before, *after}
        }
    return Baseline({}, tests, lines, old.files, old.percent, new.failed)


def noted(paths: Sequence[str], tests: Sequence[str]) -> tuple[int, Baseline]:
    """Run tests here, where nothing of what is measured may be imported yet; the exit code, and what was noted."""
    import pytest
    from coverage import Coverage

    include = [str(Path(path).absolute()) for path in files_of(paths)]
    watch = Coverage(data_file=None, config_file=str(PROJECT), branch=True, source=None, include=include)
    watch.set_option("run:source", None)
    watch.set_option("run:parallel", False)
    seconds: dict[str, float] = {}
    failed: list[str] = []

    class Each:
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
            watch.switch_context(item.nodeid)
            began = time.process_time()
            done = yield
            seconds[item.nodeid] = round(time.process_time() - began, 4)
            watch.switch_context("")
            return done

        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.failed:
                failed.append(report.nodeid)

    watch.start()
    with redirect_stdout(sys.stderr):
        ended = int(pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[Each()]))
    watch.stop()
    with tempfile.TemporaryDirectory() as scratch, redirect_stdout(io.StringIO()):
        told = Path(scratch) / "coverage.json"
        watch.json_report(outfile=str(told))
        report = json.loads(told.read_text(encoding="utf-8"))
    number, data = {name: place for place, name in enumerate(seconds)}, watch.get_data()
    lines = {}
    for path in files_of(paths):
        of_file = data.contexts_by_lineno(str(Path(path).absolute()))
        lines[path] = {str(line): sorted(number[name] for name in names if name) for line, names in of_file.items()}
    files = {
        path: {
            "places": one["summary"]["num_statements"] + one["summary"]["num_branches"],
            "lines": one["missing_lines"],
            "branches": one["missing_branches"],
        }
        for path, one in report["files"].items()
    }
    percent = report["totals"]["percent_covered"]
    return ended, Baseline({}, list(seconds.items()), lines, files, percent, sorted(set(failed)))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("told", type=Path, help="file that gets what is noted")
    parser.add_argument("--paths", nargs="+", default=PATHS, help="folders or files that are measured")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="folders or files of tests")
    asked = parser.parse_args()
    ended, found = noted(asked.paths, asked.tests)
    asked.told.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return ended if ended > 1 else 0  # 1: some failed, and are told


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    sys.exit(main())
