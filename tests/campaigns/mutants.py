"""Mutants: one small thing of the reader, the checker, the audit or the writer made wrong; a test must fail for it.

    python -m tests.campaigns.mutants --count 300 --seed 1

First all tests of these packages run once, and it is noted which line each of them runs. Then `count` places are drawn
(`tests.campaigns.mutations` says what is made wrong there); for each, the tests that run its line are run with the
wrong file in place of the right one, in a process of its own, until one fails: then the mutant is killed. Who needs far
more CPU than usual is killed, too. What only a command in a process of its own would notice counts as survived.

`EQUIVALENT` are survivors that no test can tell from the original, with the reason. `score` is killed ÷ (tried − them).
`found` is by how many the survivors are more than a tenth. `--paths` and `--tests` try other files by other tests;
`--known FILE` keeps who runs what for the next call, as long as nothing has changed since.
"""

import argparse
import ast
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from tests.campaigns.equivalent import EQUIVALENT
from tests.campaigns.mutations import Place, mutated, places

PATHS = ("optimizer/read", "optimizer/check", "optimizer/audit", "optimizer/write")
TESTS = ("tests/read", "tests/check", "tests/audit", "tests/write")
ENOUGH = 0.9  # of the mutants killed
MORE_CPU = 60  # seconds beyond ten times the usual
HEAVY = (
    "highspy", "hypothesis", "numba", "numpy", "openpyxl", "pandas", "pydantic", "pyomo.environ", "pytest",
    "scipy.sparse", "xlsxwriter",
)  # fmt: skip
KILLED, SURVIVED = (1, 2), 0  # exit codes of pytest: a test failed, nothing could be collected; all passed


@dataclass
class Lines:
    """Which tests run which lines, and the CPU seconds of each test.

    Attributes:
        of: file, line, numbers of tests in `tests`.
        tests: by number: name and seconds.
    """

    of: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    tests: list[tuple[str, float]] = field(default_factory=list)

    def running(self, path: str, place: Place) -> list[tuple[str, float]]:
        """The tests that run a place, the quickest first; of what runs on import, all that run any of the file."""
        lines = self.of.get(path, {})
        asked = range(place.first, place.last + 1) if place.function else lines
        numbers = {number for line in asked for number in lines.get(line, ())}
        return sorted((self.tests[number] for number in numbers), key=lambda test: (test[1], test[0]))


@dataclass(frozen=True)
class Mutant:
    """A file with one place made wrong."""

    path: str
    number: int
    place: Place

    @property
    def name(self) -> str:
        """As in `EQUIVALENT`."""
        return f"{self.path}: {self.place.told}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="mutants (100)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw (1)")
    parser.add_argument("--paths", nargs="+", default=PATHS, help="folders or files that are mutated")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="folders or files of tests")
    parser.add_argument("--known", type=Path, help="file that keeps who runs what")
    asked = parser.parse_args(arguments)
    sys.path.insert(0, os.getcwd())
    for name in HEAVY if asked.tests == TESTS else ():  # once, and not by each process
        __import__(name)
    figures = campaign(asked.count, asked.seed, asked.paths, asked.tests, asked.known)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 1 if figures["found"] else 0


def campaign(
    count: int, seed: int, paths: Sequence[str] = PATHS, tests: Sequence[str] = TESTS, known: Path | None = None
) -> dict[str, Any]:
    """So many mutants, fewer where there are no more; nothing of what is mutated may be imported yet."""
    began = time.monotonic()
    files = _files(paths)
    lines = _lines(files, tests, known)
    every = [Mutant(path, number, place) for path in files for number, place in enumerate(places(_tree(path)))]
    mutants = random.Random(seed).sample(every, min(count, len(every)))
    outcomes: Counter[str] = Counter()
    survived = []
    for done, mutant in enumerate(mutants, 1):
        outcome = _outcome(mutant, lines)
        outcomes[outcome] += 1
        if outcome in ("survived", "no test runs it"):
            reason = EQUIVALENT.get(mutant.name, "")
            outcomes["equivalent"] += bool(reason)
            survived.append({"where": f"{mutant.path}:{mutant.place.first}", "what": mutant.place.told,
                             "outcome": outcome, "equivalent": reason})  # fmt: skip
            words = f"{done} of {len(mutants)}: {outcome}: {mutant.name} ({mutant.place.first})"
            print(words, file=sys.stderr, flush=True)
    judged = len(mutants) - outcomes["equivalent"]
    alive = len(survived) - outcomes["equivalent"]
    return {
        "campaign": "mutants", "count": len(mutants), "seed": seed, "seconds": round(time.monotonic() - began, 1),
        "found": max(0, alive - int((1 - ENOUGH) * judged + 1e-9)), "score": round(1 - alive / max(1, judged), 4),
        "outcomes": dict(outcomes), "places": len(every), "survived": survived,
    }  # fmt: skip


def _tree(path: str) -> ast.Module:
    return ast.parse(Path(path).read_text(encoding="utf-8"))


def _files(names: Sequence[str]) -> list[str]:
    found = [Path(name).rglob("*.py") if Path(name).is_dir() else [Path(name)] for name in names]
    return [path.as_posix() for paths in found for path in sorted(paths)]


def _outcome(mutant: Mutant, lines: Lines) -> str:
    tests = lines.running(mutant.path, mutant.place)
    if not tests:
        return "no test runs it"
    text = Path(mutant.path).read_text(encoding="utf-8")
    code = compile(mutated(text, mutant.number), mutant.path, "exec")
    limit = int(MORE_CPU + 10 * sum(seconds for _, seconds in tests))
    ended = _in_a_process(lambda: _tested([name for name, _ in tests], _module(mutant.path), code), limit)
    if ended == SURVIVED:
        return "survived"
    if ended in KILLED or ended < 0:
        return "killed" if ended in KILLED else "killed by a limit"
    raise RuntimeError(f"pytest ended with exit code {ended} for {mutant.name}")


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _in_a_process(work: Callable[[], int], cpu: int) -> int:
    """The exit code of a process that does this in silence; minus the signal's number where one ended it."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        code = work()
    finally:
        os._exit(code)


class _Wrong(MetaPathFinder, SourceFileLoader):  # type: ignore[misc]  # stubs disagree on `source_to_code`
    """Loads one module from other code than that of its file."""

    def __init__(self, name: str, code: CodeType) -> None:
        self._wrong, self._code = name, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As the file is found; only its code is another."""
        spec = PathFinder.find_spec(fullname, path) if fullname == self._wrong else None
        if spec is not None and spec.origin is not None:
            SourceFileLoader.__init__(self, fullname, spec.origin)
            spec.loader = self
        return spec

    def get_code(self, fullname: str) -> CodeType:
        """The other code."""
        return self._code


def _tested(tests: Sequence[str], module: str, code: CodeType) -> int:
    """The exit code of these tests, run until one fails, with a module from this code."""
    import pytest

    sys.meta_path.insert(0, _Wrong(module, code))
    order = {name: place for place, name in enumerate(tests)}

    class Only:
        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items: list[Any]) -> None:
            items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])

    files = list(dict.fromkeys(name.partition("::")[0] for name in tests))
    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *files], plugins=[Only()]))


def _lines(paths: Sequence[str], tests: Sequence[str], known: Path | None) -> Lines:
    """Run all tests once; or what an earlier call has kept, where no file has changed."""
    stamp = {path: Path(path).stat().st_mtime for path in sorted({*paths, *_files(tests)})}
    if known is not None and known.is_file():
        kept = json.loads(known.read_text(encoding="utf-8"))
        if kept["stamp"] == stamp:
            return _loaded(kept)
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch) / "lines.json"
        if ended := _in_a_process(lambda: _noted(paths, tests, told), 36000):
            raise RuntimeError(f"the tests do not pass as they stand: exit code {ended}")
        kept = json.loads(told.read_text(encoding="utf-8")) | {"stamp": stamp}
    if known is not None:
        known.write_text(json.dumps(kept), encoding="utf-8")
    return _loaded(kept)


def _loaded(kept: dict[str, Any]) -> Lines:
    of = {path: {int(line): numbers for line, numbers in lines.items()} for path, lines in kept["of"].items()}
    return Lines(of, [(name, seconds) for name, seconds in kept["tests"]])


def _noted(paths: Sequence[str], tests: Sequence[str], told: Path) -> int:
    """Run tests and write down which lines each of them runs."""
    import pytest
    from coverage import Coverage

    watch = Coverage(data_file=None, config_file=False, include=[str(Path(path).absolute()) for path in paths])
    seconds: dict[str, float] = {}

    class Each:
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
            watch.switch_context(item.nodeid)
            began = time.process_time()
            done = yield
            seconds[item.nodeid] = time.process_time() - began
            watch.switch_context("")
            return done

    watch.start()
    ended = int(pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[Each()]))
    watch.stop()
    names, data = list(seconds), watch.get_data()
    number = {name: place for place, name in enumerate(names)}
    of = {}
    for path in paths:
        by_line = data.contexts_by_lineno(str(Path(path).absolute()))
        of[path] = {line: sorted(number[name] for name in of_line if name) for line, of_line in by_line.items()}
    told.write_text(json.dumps({"of": of, "tests": [(name, seconds[name]) for name in names]}), encoding="utf-8")
    return ended


if __name__ == "__main__":
    sys.exit(main())
