"""The project's frame: what is imported, what is pinned, what the pages promise, what must not be committed."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

import models
import optimizer
from optimizer import cli

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
IGNORED = {".git", ".venv", "plans", "build", "dist"}
PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[0-9][\w.]*)( ; (?P<marker>.+))?( --hash=sha256:[0-9a-f]{64})+"
)
# Written so that these lines do not match themselves.
ADDRESS = re.compile(r"https?://[^\s)\"']*(pypi|pythonhosted|/simple\b|-index)|file:/{2,}")
WORKPLACE = re.compile(r"(?<![\w.~/$}:-])/(?:work|home|root|Users|opt)/\w[\w.-]*")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")


def canonical(name: str) -> str:
    """Package names compare without case, and with `-`, `_` and `.` alike."""
    return re.sub(r"[-_.]+", "-", name).lower()


def logical_lines(name: str) -> list[str]:
    """Lines of a requirements file, each with its continuation lines."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [re.sub(r"\s+", " ", line).strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def pins(name: str) -> dict[str, str]:
    """Package to version."""
    return dict(line.split(" ", 1)[0].split("==") for line in logical_lines(name))


def committed() -> list[Path]:
    """Files that are in the repository or would be; in a copy without git, all but what is made locally."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        found = [p for p in ROOT.rglob("*") if not any(part in IGNORED or "cache" in part for part in p.parts)]
    else:
        found = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in found if path.is_file()]


def read_text(path: Path) -> str:
    """The file's text; nothing of a binary file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def readme_command(name: str) -> str:
    """The one line in the code block below `<!-- command: NAME -->`."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"^<!-- command: {name} -->\n```sh\n(.*?)\n```$", readme, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"README.md has {len(blocks)} commands named {name}"
    block = str(blocks[0])
    assert "\n" not in block, f"the command {name} is to be one line"
    return block


def steps(command: str) -> list[list[str]]:
    """The words of each step of a shell line."""
    return [shlex.split(step) for step in command.split(" && ")]


@pytest.mark.parametrize("package", [optimizer, models])
def test_imported_packages_are_ours(package: ModuleType) -> None:
    """Both names exist as other people's distributions."""
    assert package.__file__ is not None
    assert Path(package.__file__).resolve().parent.parent == ROOT


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pin_has_hashes_and_nothing_else(name: str) -> None:
    """No options, no addresses, no ranges: each line is a pin with hashes."""
    lines = logical_lines(name)
    assert len(lines) > len(PYPROJECT["project"]["dependencies"])
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_requirements_agree_with_each_other_and_with_the_project() -> None:
    """What runs is what is tested, the build back end included, and all that the project declares is pinned.

    But for what it is compared with: benchmarks run the versions of the day, and their page says which.
    """
    run, dev = (pins(name) for name in REQUIREMENTS)
    assert {name: dev.get(name) for name in run} == run

    project = PYPROJECT["project"]
    extras = [
        requirement
        for name, extra in project["optional-dependencies"].items()
        if name != "bench"
        for requirement in extra
    ]
    needs = [*project["dependencies"], *PYPROJECT["build-system"]["requires"]]
    names = {canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in needs}
    assert names <= run.keys()
    assert {canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in extras} <= dev.keys()


def test_pyomo_is_pinned_exactly() -> None:
    """Rules are compiled by functions that Pyomo does not promise to keep."""
    [pyomo] = [r for r in PYPROJECT["project"]["dependencies"] if r.startswith("pyomo")]
    assert pyomo == f"pyomo=={pins('requirements.txt')['pyomo']}"


def test_ci_runs_the_readme_test_command() -> None:
    """`.ci/run` takes the line from the README as it stands."""
    run = subprocess.run(["bash", str(ROOT / ".ci/run"), "--list"], capture_output=True, check=True, text=True)
    commands = run.stdout.splitlines()
    assert commands[0] == readme_command("test")
    assert commands[1:] == ["ruff check .", "ruff format --check .", "mypy", "lint-imports --no-logo"]


@pytest.mark.parametrize(("name", "requirements"), [("plan", "requirements.txt"), ("test", "requirements-dev.txt")])
def test_readme_commands_do_all_the_set_up(name: str, requirements: str) -> None:
    """An environment, pinned packages by hash, the project itself; then the purpose."""
    make, install, install_ours, *purpose = steps(readme_command(name))
    assert make == ["python3", "-m", "venv", ".venv"]
    assert install == [".venv/bin/pip", "install", "-q", "--require-hashes", "-r", requirements]
    assert install_ours == [".venv/bin/pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", "."]
    assert len(purpose) == 1
    assert purpose[0][0].startswith(".venv/bin/")


def test_readme_plans_an_instance_that_is_there() -> None:
    """The first command needs nothing but the clone."""
    tool, verb, instance = steps(readme_command("plan"))[-1]
    assert (tool, verb) == (".venv/bin/replenish", "plan")
    assert (ROOT / instance / "instance.toml").is_file()


def test_commands_named_in_readme_exist() -> None:
    """Each `replenish VERB` of the README has its help; what they do is tried beside the command line."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^replenish (\w+)", readme, flags=re.MULTILINE))
    assert verbs == {"new", "check", "plan"}
    for verb in sorted(verbs):
        helped = CliRunner().invoke(cli.app, [verb, "--help"])
        assert helped.exit_code == 0, helped.output
        assert verb in helped.output


def local_links(page: Path) -> set[Path]:
    """Files of this repository that a Markdown page links to."""
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in targets if "://" not in target}


def test_every_page_is_reachable_from_the_index() -> None:
    """Whoever starts at docs/README.md finds all that is in docs."""
    docs = ROOT / "docs"
    reached: set[Path] = set()
    waiting = [docs / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        if page.suffix == ".md" and page.is_file():
            waiting.extend(local_links(page) - reached)
        elif page.is_dir():  # a folder in which each page stands for itself
            waiting.extend({*page.glob("*.md")} - reached)
    written = {path for path in committed() if docs in path.parents}
    assert sorted(written - reached) == []


def test_links_lead_somewhere() -> None:
    """Local links of all pages."""
    pages = [path for path in committed() if path.suffix == ".md"]
    broken = [
        (str(page.relative_to(ROOT)), str(link)) for page in pages for link in local_links(page) if not link.exists()
    ]
    assert broken == []


def test_decisions_are_numbered_and_uniform() -> None:
    """0001, 0002, … each with context, decision and consequences."""
    records = sorted((ROOT / "docs/decisions").iterdir())
    assert [record.name[:4] for record in records] == [f"{n:04d}" for n in range(1, len(records) + 1)]
    for number, record in enumerate(records, start=1):
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. "), record.name
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequences"], (
            record.name
        )


def test_nothing_committed_names_a_registry_or_a_workplace() -> None:
    """Addresses of package indexes and absolute paths hold on one machine only."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line[:120]}"
        for path in committed()
        for number, line in enumerate(read_text(path).splitlines(), start=1)
        if ADDRESS.search(line) or WORKPLACE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (ADDRESS, "--extra-index-url=https:" + "//mirror.example/simple"),
        (ADDRESS, "https:" + "//files.pythonhosted.org/packages"),
        (ADDRESS, "file:" + "///srv/packages"),
        (WORKPLACE, "cd /" + "home/anna/replenish"),
    ],
)
def test_the_search_for_addresses_finds_them(pattern: re.Pattern[str], line: str) -> None:
    """Otherwise the test above could not fail."""
    assert pattern.search(line)


def test_version_is_in_the_changelog() -> None:
    """The newest release told is the version built."""
    versions = re.findall(
        r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert versions[0] == PYPROJECT["project"]["version"]
