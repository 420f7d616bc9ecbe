"""Tested: a process that has collected tests, and tries wrong code of a file on them, each in a fork of its own.

    with Tested(tests, files, scratch) as tested:
        tested.by("optimizer/audit/budgets.py", code, ["tests/audit/test_budgets.py::test_it"], limit=5.0)

The server imports everything once. For each call it forks; the fork gives the functions of the file the new code and
runs the tests, one after the other, until one fails or it has used the seconds of CPU that it may. What runs when a
file is imported cannot be changed so: then a fork of a process that has imported nothing of the project does, with the
wrong file in place of the right one. A test that fails without the wrong code, too, is passed over. POSIX only.
"""

import base64
import gc
import json
import marshal
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Self

KILLED, SURVIVED, LIMIT, ELSEWHERE = "killed", "survived", "killed by a limit", "elsewhere"
MORE_CPU = 20  # seconds beyond what a try may take: who loops without end is stopped
MORE_MEMORY = 2 << 30  # bytes beyond what the server has
LONGEST = 600  # seconds, for who waits without end
LIBRARIES = (  # imported before the forks that import the project anew
    "highspy", "numba", "numpy", "openpyxl", "pandas", "pydantic", "pyomo.environ", "pytest",
    "scipy.sparse", "xlsxwriter",
)  # fmt: skip
OfFile = dict[tuple[str, int], list[FunctionType]]  # by name and first line
Functions = dict[str, OfFile]


class Tested:
    """The server, seen from without."""

    def __init__(self, tests: Sequence[str], files: Sequence[str], scratch: Path, libraries: bool = True) -> None:
        asked = {"tests": list(tests), "files": list(files), "scratch": str(scratch), "libraries": libraries}
        call = [sys.executable, "-m", "tests.campaigns.tested"]
        self._server = subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._send(asked)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait()

    def by(self, path: str, code: CodeType, tests: Sequence[str], limit: float, function: bool = True) -> str:
        """What becomes of a file's code, tried on tests in this order for so many seconds of CPU.

        Raises:
            RuntimeError: the server has ended.
        """
        words = {"path": path, "code": base64.b64encode(marshal.dumps(code)).decode(), "tests": list(tests)}
        self._send(words | {"limit": limit, "function": function})
        assert self._server.stdout is not None
        if not (told := self._server.stdout.readline()):
            raise RuntimeError("the process that runs tests has ended")
        return str(json.loads(told))

    def _send(self, words: dict[str, Any]) -> None:
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(words) + "\n")
        self._server.stdin.flush()


# What follows runs in the server.


def serve() -> None:
    """Answer calls on standard input until it is closed."""
    calls, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    asked = json.loads(calls.readline())
    sys.path.insert(0, os.getcwd())
    for name in LIBRARIES if asked["libraries"] else ():
        import_module(name)
    scratch = Path(asked["scratch"])
    warm, unsound = _Warm(asked["tests"], asked["files"], scratch), set[str]()
    for line in calls:
        call = json.loads(line)
        while True:
            names = [name for name in call["tests"] if name not in unsound]
            outcome, by = ELSEWHERE, ""
            if call["function"]:
                outcome, by = warm.ask({**call, "tests": names})
            if outcome == ELSEWHERE:
                outcome, by = _forked(partial(_anew, call, names), call["limit"], scratch)
            if outcome != KILLED or not by or warm.sound(by):
                break
            unsound.add(by)
        answers.write(json.dumps(outcome) + "\n")
        answers.flush()


class _Warm:
    """A fork of the server that has collected all tests, and forks itself for each try."""

    def __init__(self, tests: Sequence[str], files: Sequence[str], scratch: Path) -> None:
        ours, theirs = os.pipe(), os.pipe()
        if os.fork() == 0:
            self._calls, self._answers = os.fdopen(ours[0]), os.fdopen(theirs[1], "w")
            os.close(ours[1])
            os.close(theirs[0])
            _collected(tests, lambda items: self._serve(items, files, scratch))
            os._exit(0)
        os.close(ours[0])
        os.close(theirs[1])
        self._to, self._from = os.fdopen(ours[1], "w"), os.fdopen(theirs[0])
        self._known: dict[str, bool] = {}

    def ask(self, call: dict[str, Any]) -> tuple[str, str]:
        """What becomes of code, and the test that says so."""
        self._to.write(json.dumps(call) + "\n")
        self._to.flush()
        if not (told := self._from.readline()):
            raise RuntimeError("the process that has collected the tests has ended")
        outcome, by = json.loads(told)
        return outcome, by

    def sound(self, test: str) -> bool:
        """Whether a test passes alone, with nothing made wrong."""
        if test not in self._known:
            self._known[test] = self.ask({"tests": [test], "limit": MORE_CPU, "path": "", "code": ""})[0] == SURVIVED
        return self._known[test]

    def _serve(self, items: Sequence[Any], files: Sequence[str], scratch: Path) -> None:
        by_name, functions = {item.nodeid: item for item in items}, _functions(files)
        for line in self._calls:
            call = json.loads(line)
            chosen = [by_name[name] for name in call["tests"] if name in by_name]
            tried = partial(_tried, functions, call, chosen)
            self._answers.write(json.dumps(_forked(tried, call["limit"], scratch)) + "\n")
            self._answers.flush()


def _collected(tests: Sequence[str], work: Callable[[Sequence[Any]], None]) -> None:
    """Do something with collected tests, in place of running them."""
    import pytest

    class InPlace:
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(self, session: Any) -> bool:
            work(session.items)
            return True

    quiet = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # of libraries that are imported before
    pytest.main(["-q", "-p", "no:cacheprovider", *quiet, *tests], plugins=[InPlace()])


def _functions(files: Sequence[str]) -> Functions:
    """The functions that there are of each file, by name and line."""
    gc.unfreeze()
    wanted = {str(Path(path).absolute()): path for path in files}
    found: Functions = defaultdict(lambda: defaultdict(list))
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename in wanted:
            code = one.__code__
            found[wanted[code.co_filename]][code.co_qualname, code.co_firstlineno].append(one)
    gc.freeze()
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _changed(there: OfFile, code: CodeType) -> bool:
    """Give the functions of a file their new code; False where that cannot be done, or nothing of it is imported."""
    given = defaultdict(list)
    for inner in _codes(code):
        given[inner.co_qualname, inner.co_firstlineno].append(inner)
    differs = False
    for key, known in there.items():
        new = given.get(key, [])
        for one in known:
            if len(new) != 1 or len({id(other.__code__) for other in known}) != 1:
                if all(_same(one.__code__, other) for other in new):
                    continue
                return False
            if not _same(one.__code__, new[0]):
                if one.__code__.co_freevars != new[0].co_freevars:
                    return False
                one.__code__ = new[0].replace(co_filename=one.__code__.co_filename)
                differs = True
    return differs


def _same(one: CodeType, other: CodeType) -> bool:
    """Whether two codes do the same, wherever their files are."""
    if one.co_code != other.co_code or one.co_names != other.co_names or len(one.co_consts) != len(other.co_consts):
        return False
    pairs = zip(one.co_consts, other.co_consts, strict=True)
    return all(
        _same(a, b) if isinstance(a, CodeType) and isinstance(b, CodeType) else repr(a) == repr(b) for a, b in pairs
    )


def _tried(functions: Functions, call: dict[str, Any], items: Sequence[Any]) -> tuple[str, str]:
    """What tests say of new code, if functions can be given it."""
    if call["code"] and not _changed(functions.get(call["path"], {}), _code_of(call)):
        return ELSEWHERE, ""
    return _passed(items, call["limit"])


def _code_of(call: dict[str, Any]) -> CodeType:
    code: CodeType = marshal.loads(base64.b64decode(call["code"]))
    return code


def _passed(items: Sequence[Any], limit: float) -> tuple[str, str]:
    """Run tests until one fails, or the time is over."""
    failed, began = [], time.process_time()

    class Failures:
        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.failed:
                failed.append(report.nodeid)

    if items:
        items[0].config.pluginmanager.register(Failures())
    for item, after in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if failed:
            return KILLED, failed[0]
        if time.process_time() - began > limit:
            break
    return SURVIVED, ""


def _anew(call: dict[str, Any], names: Sequence[str]) -> tuple[str, str]:
    """The same, where nothing is imported yet and the file is imported wrong."""
    module = call["path"].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    sys.meta_path.insert(0, _Wrong(module, _code_of(call)))
    files = list(dict.fromkeys(name.partition("::")[0] for name in names))
    told: list[tuple[str, str]] = []

    def work(items: Sequence[Any]) -> None:
        by_name = {item.nodeid: item for item in items}
        told.append(_passed([by_name[name] for name in names if name in by_name], call["limit"]))

    _collected(files, work)
    return told[0] if told else (KILLED, "")  # where it cannot even be imported


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


def _forked(work: Callable[[], tuple[str, str]], cpu: float, scratch: Path) -> tuple[str, str]:
    """What work comes to, done in silence in a fork that has a folder of its own for what it writes."""
    folder = tempfile.mkdtemp(dir=scratch)
    back, to = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(back)
            tempfile.tempdir = os.environ["TMPDIR"] = folder
            used = int(time.process_time() + cpu + MORE_CPU)
            resource.setrlimit(resource.RLIMIT_CPU, (used, used + 5))
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            most = pages * resource.getpagesize() + MORE_MEMORY
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            signal.alarm(LONGEST)
            os.dup2(os.open(os.devnull, os.O_RDWR), 2)
            os.write(to, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(to)
    with os.fdopen(back) as answers:
        told = answers.read()
    os.waitpid(child, 0)
    shutil.rmtree(folder, ignore_errors=True)
    if not told:  # a signal ended it, or an error that no test may let through
        return LIMIT, ""
    outcome, by = json.loads(told)
    return outcome, by


if __name__ == "__main__":
    serve()
