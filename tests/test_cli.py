"""The command line: help, exit codes, what it prints where, Ctrl-C, and that the page about it is complete."""

import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main
from rich.console import Console
from typer.testing import CliRunner

from optimizer import cli, planning
from optimizer.audit import Violation
from optimizer.commands import plan as plan_command
from optimizer.commands import terminal
from optimizer.read import read
from optimizer.read.what_if import applied, parsed
from optimizer.solve.engine import Outcome
from optimizer.solve.highs import Answer, Infeasible, SolverError
from optimizer.tune.sweep import ranged
from optimizer.tune.target import wanted
from tests.docs_page import DOCS
from tests.solve.in_process import InProcess

ROOT = Path(__file__).parents[1]
QUICKSTART = ROOT / "instances" / "quickstart"
SMALL = ROOT / "instances" / "benchmarks" / "stockpyl-problem-3-27"
LONG = ROOT / "instances" / "benchmarks" / "trigeiro-g57"  # an hour would not prove it
CALL = [sys.executable, "-c", "from optimizer.cli import main; main()"]
GROUP: Any = typer.main.get_command(cli.app)
COMMANDS: dict[str, Any] = GROUP.commands


def call(*words: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*CALL, *map(str, words)], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


@dataclass(frozen=True)
class Ended:
    """How a call in this process ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line in this process and in an empty folder, the search included."""
    monkeypatch.setattr(plan_command, "Engine", InProcess)
    monkeypatch.chdir(tmp_path)

    def one(*words: object) -> Ended:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["replenish", *map(str, words)])
        monkeypatch.setattr(terminal, "out", Console(highlight=False, width=100, file=sys.stdout))
        monkeypatch.setattr(terminal, "err", Console(highlight=False, width=100, file=sys.stderr))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        text = capsys.readouterr()
        return Ended(int(ended.value.code or 0), text.out, text.err)

    return one


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def with_table(folder: Path, table: str, change: Callable[[str], str]) -> Path:
    """A copy of the small instance with one table changed."""
    shutil.copytree(SMALL, folder)
    path = folder / f"{table}.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    helped = CliRunner().invoke(cli.app, [name, "--help"], env={"COLUMNS": "200"})
    assert helped.exit_code == 0
    assert f"Example: replenish {name}" in helped.output
    assert COMMANDS[name].help
    assert all(getattr(option, "help", None) for option in COMMANDS[name].params)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_every_word_of_the_options(name: str) -> None:
    # What stands in brackets is taken for a style, and is gone, where it is not marked as text.
    helped = CliRunner().invoke(cli.app, [name, "--help"], env={"COLUMNS": "1000"})
    shown = " ".join(helped.output.split())
    for option in COMMANDS[name].params:
        assert " ".join(option.help.replace("\\[", "[").split()) in shown


def test_help_lists_every_command() -> None:
    helped = CliRunner().invoke(cli.app, ["--help"])
    assert helped.exit_code == 0
    assert all(name in helped.output for name in COMMANDS)


def test_a_what_if_leaves_the_files_and_latest_alone(run: Run, tmp_path: Path) -> None:
    wrong = run("plan", SMALL, "--set", "items.price*", "--set", "x")
    assert (wrong.code, wrong.err.startswith("--set 'items.price*': '' is no number")) == (terminal.WRONG_CALL, True)
    before = contents(SMALL)
    made = run("plan", SMALL, "--time-limit", 5, "--set", "demand.quantity+10%", "--set", "solve.gap=0.5")
    assert made.code == 0, made.err
    assert made.out.startswith("What if: this plan is not of the tables as they are. Order nothing by it.\n")
    assert "demand.quantity+10% (demand.quantity: 4 rows changed)" in made.out
    (folder,) = (tmp_path / "plans").iterdir()
    assert (folder.name, contents(SMALL) == before) == (f"{SMALL.name}-what-if", True)


def options(name: str) -> set[str]:
    return {text for option in COMMANDS[name].params for text in (*option.opts, *option.secondary_opts) if "-" in text}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_lists_every_option(name: str) -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", page.split(f"\n## `replenish {name}", maxsplit=1)[1], flags=re.MULTILINE)[0]
    written = set(re.findall(r"`(--?[a-z][a-z-]*)\b[^`]*`", section))
    assert written - {"--help"} == options(name) - {"--help", "-h"}


def test_the_page_has_no_other_command() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## `replenish (\w+)", page, flags=re.MULTILINE)) == COMMANDS.keys()
    codes = set(re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE))
    named = (terminal.PUBLISHED, terminal.FAULTY, terminal.WRONG_CALL, terminal.FAILED, terminal.STOPPED)
    assert codes == {str(code) for code in named} == {"0", "1", "2", "3", "130"}


def test_from_an_earlier_plan(run: Run, tmp_path: Path) -> None:
    assert run("plan", SMALL, "-o", "plan").code == 0
    again = run("plan", SMALL, "-o", "plan", "--warm-start", "plan")
    assert again.code == 0
    assert "424" in again.out
    (tmp_path / "plan" / "basis.csv").write_text("item\n", encoding="utf-8")
    before = contents(tmp_path / "plan")
    for folder, message in (("nowhere", "nowhere is no folder"), ("plan", "basis.csv needs one column 'digest'")):
        refused = run("plan", SMALL, "--warm-start", folder)
        assert refused.code == terminal.WRONG_CALL
        assert message in refused.err
    assert contents(tmp_path / "plan") == before
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


# In processes of their own: each exit code as a batch would see it.


def test_published(tmp_path: Path) -> None:
    ended = call("plan", SMALL, "-o", tmp_path / "plan")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "plan" / "purchase_orders.csv").is_file()
    assert "424" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_faulty(tmp_path: Path) -> None:
    instance = with_table(tmp_path / "in", "demand", lambda text: text.replace("2027", "never", 1))
    ended = call("plan", instance, "-o", tmp_path / "plan")
    assert ended.returncode == 1
    assert "demand.csv" in ended.stderr
    assert "Nothing was planned" in ended.stderr
    assert ended.stdout == ""
    assert not (tmp_path / "plan").exists()


def test_wrong_call() -> None:
    ended = call("plan")
    assert ended.returncode == 2
    assert "INSTANCE" in ended.stderr
    assert ended.stdout == ""


def test_our_own_failure(tmp_path: Path) -> None:
    # A folder below a file can be made by nobody.
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = call("plan", SMALL, "-o", tmp_path / "file" / "plan")
    assert ended.returncode == 3, ended.stderr
    assert "part of its path is a file" in ended.stderr
    assert "Traceback" not in ended.stderr


# In this process: the same, for more cases.


@pytest.mark.parametrize(
    "words",
    [
        ["plan"],
        ["plan", "--gap", "2", SMALL],
        ["plan", "--time-limit", "-1", SMALL],
        ["plan", "--threads", "0", SMALL],
        ["plan", "--no-such-option", SMALL],
        ["no-such-command"],
        ["new"],
    ],
)
def test_a_wrong_call(words: Sequence[object], run: Run) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert ended.err
    assert ended.out == ""


def test_a_folder_that_is_no_plan_is_a_wrong_call(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    ended = run("plan", SMALL, "-o", "mine")
    assert ended.code == 2
    assert "is not a plan" in ended.err
    assert contents(tmp_path / "mine") == {"notes.txt": b"mine"}


def test_an_instance_that_is_not_there(run: Run) -> None:
    ended = run("plan", "nowhere")
    assert ended.code == 1
    assert "nowhere" in ended.err


@pytest.fixture
def earlier(run: Run, tmp_path: Path) -> Path:
    """An earlier plan in `plan`."""
    assert run("plan", SMALL, "-o", "plan").code == 0
    return tmp_path / "plan"


def test_a_plan_that_fails_its_audit(run: Run, earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(earlier)
    found = Violation(rule="balance", message="stock does not carry over", file="inventory.csv")
    monkeypatch.setattr(planning, "audit", lambda *_, **__: [found])
    ended = run("plan", SMALL, "-o", "plan")
    assert ended.code == 3
    assert "failed its own audit" in ended.err
    assert contents(earlier) == before
    assert ended.out == ""
    kept = run("plan", SMALL, "-o", "plan", "--keep-refused")
    assert kept.code == 3
    assert contents(earlier) == before
    (folder,) = [path for path in earlier.parent.iterdir() if "refused" in path.name]
    assert "purchase_orders.csv" in contents(folder)


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (Infeasible(), 3, "no rule could be found that is to blame"),
        (SolverError("it broke"), 3, "it broke"),
        (KeyboardInterrupt(), 130, "Stopped before there was a plan"),
        (MemoryError(), 3, "too little memory"),
        (OSError(5, "Input/output error", "somewhere"), 3, "The system failed: Input/output error (somewhere)"),
        (ZeroDivisionError("nobody foresaw it"), 3, "our own failure"),
    ],
)
def test_whatever_breaks_has_its_exit_code(
    failure: BaseException, code: int, words: str, run: Run, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(InProcess):
        def search(self, *arguments: object) -> Outcome:
            raise failure

    def nothing(*_: object) -> Answer:
        raise Infeasible

    before = contents(earlier)
    for module in ("contradictions", "second_opinion"):  # nor does the elastic program say more
        monkeypatch.setattr(f"optimizer.results.{module}.solve", nothing)
    monkeypatch.setattr(plan_command, "Engine", Broken)
    ended = run("plan", SMALL, "-o", "plan")
    assert ended.code == code
    assert words in ended.err.replace("\n", " ")
    assert contents(earlier) == before
    assert [path.name for path in earlier.parent.iterdir()] == ["plan"]


def test_faults_leave_an_earlier_plan_as_it_is(run: Run, earlier: Path, tmp_path: Path) -> None:
    before = contents(earlier)
    instance = with_table(tmp_path / "in", "demand", lambda text: text + "nobody,knows\n")
    assert run("plan", instance, "-o", "plan").code == 1
    assert contents(earlier) == before


def test_check_tells_faults_on_stderr_and_the_number_on_stdout(run: Run, tmp_path: Path) -> None:
    sound = run("check", SMALL)
    assert (sound.code, sound.err) == (0, "")
    instance = with_table(tmp_path / "in", "demand", lambda text: text.replace("2027", "never", 1))
    faulty = run("check", instance)
    assert faulty.code == 1
    assert "demand.csv" in faulty.err
    assert "1 fault" in faulty.out


def test_tables_shows_what_the_page_says(run: Run) -> None:
    assert run("tables", "--markdown").out == (DOCS / "tables.md").read_text(encoding="utf-8")
    shown = run("tables").out
    assert all(f"\n{name}" in shown for name in ("items", "demand", "supplier_capacity"))
    assert "* item" in shown


def test_new_does_not_write_over_anything(run: Run, tmp_path: Path) -> None:
    assert run("new", "my-data").code == 0
    before = contents(tmp_path / "my-data")
    again = run("new", "my-data")
    assert again.code == 2
    assert "not empty" in again.err
    assert contents(tmp_path / "my-data") == before


def readme_lines() -> Iterator[list[str]]:
    """The commands of the README that need no set-up, in order."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```$", readme, flags=re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("replenish "):
                yield shlex.split(line)[1:]


def test_the_commands_of_the_readme(run: Run, tmp_path: Path) -> None:
    lines = list(readme_lines())
    assert [line[0] for line in lines] == ["new", "check", "plan", "plan"]
    for line in lines:
        ended = run(*line)
        assert ended.code == 0, (line, ended.err)
    (latest,) = (tmp_path / "plans").glob("*/latest")
    assert (latest / "purchase_orders.csv").is_file()


def examples(name: str) -> Iterator[list[str]]:
    """The calls in a command's help and in its section of the page, as words behind `replenish`; no shell's signs."""
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", page.split(f"\n## `replenish {name}", maxsplit=1)[1], flags=re.MULTILINE)[0]
    lines = [COMMANDS[name].epilog.removeprefix("Example: ")]
    lines += re.findall(r"^(replenish .*)$", section, flags=re.MULTILINE)
    for option in COMMANDS[name].params:
        lines += re.findall(r"(replenish [^.]*)", getattr(option, "help", None) or "")
    for line in dict.fromkeys(lines):
        yield shlex.split(line.split(" > ")[0])[1:]


def of_options(name: str) -> Iterator[list[str]]:
    """What the help of an option gives as examples of it: `--vary customers.weight=0.5..2`."""
    for option in COMMANDS[name].params:
        text = (getattr(option, "help", None) or "").replace("\\[", "[").partition("Example")[2]
        for sign in option.opts:
            yield from ([sign, *shlex.split(value)] for value in re.findall(rf"{sign} ('[^']*'|[^\s,]+)", text))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_is_a_call_that_is_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options exist, their values are of their kinds; what is behind the signs is read as the command reads it."""
    monkeypatch.chdir(ROOT)
    first, *others = examples(name)
    assert [words[0] for words in (first, *others)] == [name] * (1 + len(others))
    for words in (first, *others, *([*first, *more] for more in of_options(name))):
        context = COMMANDS[name].make_context(name, words[1:])
        for change in context.params.get("changes") or ():
            applied(read(QUICKSTART), [parsed(change)])
        for text in context.params.get("vary") or ():
            ranged(read(QUICKSTART), text)
        for text in context.params.get("target") or ():
            wanted(text)


def test_options_have_the_examples_that_are_looked_for() -> None:
    assert len(list(of_options("tune"))) >= 6  # --vary three, --target two, --set one at least
    assert len(list(of_options("plan"))) >= 1
    assert ["plan", "my-data", "--warm-start", "plans/my-data/latest"] in list(examples("plan"))


def test_the_example_of_each_command(run: Run, tmp_path: Path) -> None:
    """In the order in which one needs what another has made; a sweep takes long, and smaller ones are run elsewhere."""
    (tmp_path / "instances").symlink_to(ROOT / "instances", target_is_directory=True)
    quick = {"plan": ["--gap", "0.1"], "explain": ["--time-limit", "0.1"]}
    order = ["check", "tables", "new", "plan", "report", "compare", "explain"]
    assert {*order, "tune"} == set(COMMANDS)
    for name in order:
        if name == "compare":
            for day in ("monday", "tuesday"):
                shutil.copytree(tmp_path / "my-plan", tmp_path / "plans" / day)
        ended = run(*next(examples(name)), *quick.get(name, []))
        assert ended.code == 0, (name, ended.err)
    assert (tmp_path / "my-plan.html").is_file()


# Signals: a long run in a process of its own.


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_publishes_its_best_plan(number: signal.Signals, tmp_path: Path) -> None:
    with long_run(tmp_path / "plan") as process:
        seen = read_until(process, "plan ")
        process.send_signal(number)
        out, err = process.communicate(timeout=600)
    assert process.returncode == 0, seen + err
    assert (tmp_path / "plan" / "purchase_orders.csv").is_file()
    assert '"interrupted": true' in (tmp_path / "plan" / "run.json").read_text(encoding="utf-8")
    assert str(tmp_path / "plan") in out.replace("\n", "")
    assert "Traceback" not in seen + err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_run_that_is_stopped_before_it_has_a_plan(tmp_path: Path) -> None:
    code = "import os, signal; from optimizer import cli; from optimizer.commands import plan; "
    code += "plan.read = lambda path: os.kill(os.getpid(), signal.SIGINT); cli.main()"
    ended = subprocess.run(
        [sys.executable, "-c", code, "plan", str(SMALL), "-o", str(tmp_path / "plan")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert ended.returncode == 130, ended.stderr
    assert "nothing was published" in ended.stderr
    assert not (tmp_path / "plan").exists()


def long_run(out: Path) -> subprocess.Popen[str]:
    words = ["plan", str(LONG), "--gap", "0", "--time-limit", "2000", "-o", str(out)]
    return subprocess.Popen([*CALL, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What is written to standard error, up to and with these words."""
    assert process.stderr is not None
    seen, until = "", time.monotonic() + 600
    while words not in seen and time.monotonic() < until and process.poll() is None:
        if select.select([process.stderr], [], [], 1)[0]:
            seen += os.read(process.stderr.fileno(), 4096).decode()
    assert words in seen
    return seen
