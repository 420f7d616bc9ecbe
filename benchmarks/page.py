"""Page: docs/benchmarks.md and its plots, made from the results alone.

    python -m benchmarks.page

Every figure on the page is reckoned from benchmarks/results/*.jsonl. What a person has to say about them stands in
benchmarks/results/notes.md, and goes in as it is.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks import page_tables as tables
from benchmarks.ablation import RESULTS as ABLATION
from benchmarks.compare import RESULTS as COMPARE
from benchmarks.fixed_work import RESULTS as FIXED_WORK
from benchmarks.fixed_work import Work, read_work
from benchmarks.instances import size_of
from benchmarks.known import RESULTS as KNOWN
from benchmarks.page_tables import Group
from benchmarks.results import Run, best_bounds, middle, read_runs
from benchmarks.runners import OURS

PAGE, IMAGES, NOTES = Path("docs/benchmarks.md"), "images", Path("benchmarks/results/notes.md")

HEAD = """\
# Benchmarks

<!-- Made by `python -m benchmarks.page` from benchmarks/results; change those, not the page. -->

What is measured here can be measured again with the commands at the end. Gap is (plan − bound) ÷ plan: the share of the
plan's cost that is not proven to be needed. The controllable gap leaves the goods themselves out of the plan's cost,
because they have to be bought anyway.

The **random family** (`benchmarks/family.py`): 26 weeks, three suppliers an item, three customers, seasonal Poisson
demand, minimums, packs, lead times of one to four weeks, a fixed cost per order line; per supplier and week a joint
order cost, a minimum order value and a capacity. *Rich* instances have two locations, shares and safety stock
besides; *priced* ones prices of larger quantities for half of the offers, *limited* ones also at most two suppliers an
item.
"""
COMPARED = """\
## Against others

Same instance, same objective, same time; each run is a process of its own, and the runs take turns. What a plan costs
is recomputed from the plan, whatever the solver said; whole numbers are rounded, and where that breaks a rule the
quantities are solved for again in the solver's favour. *Best bound* is the largest that anyone proved for the instance.

- **replenish** is the installed command with `--gap 0`. Its time counts from when the tables are read: building the
  program is part of it. Reading, auditing and writing the plan come on top; the table of sizes has the whole run.
- **Pyomo + HiGHS** is the model written out rule by rule by stock Pyomo and solved by `appsi_highs`. Its time counts in
  the same way.
- **HiGHS on arrays**, **SCIP** (one core), **CBC** through PuLP and **CP-SAT** get the finished program: their time
  begins when they have it in memory, in their favour. They start from nothing, with default settings. It is the plain
  formulation unless the table says *tight form*.
- **CP-SAT, own form** gets the instance in the form that is natural to it instead (`benchmarks/peers/cp_sat_lots.py`):
  packs as whole variables, what waits by customer, a hundredth of the columns; two workers.
- **CP-SAT** needs whole numbers, so it orders and delivers in whole units; its quantities are solved for again in
  fractions afterwards. What it proves holds for whole units only (*), so it does not count as a bound.

A dash: none of it in more than half of the runs.
"""
COMMANDS = """\
## Measure again

```
pip install -e ".[bench]"
python -m benchmarks.compare --sizes 20x12,50x12 --seeds 1,2,3 --seconds 60 --peers all
python -m benchmarks.known --seconds 30
python -m benchmarks.ablation
python -m benchmarks.fixed_work --sizes 1000x12,10000x120
python -m benchmarks.where_time_goes .benchmarks/instances/family-1000-12-1 --time-limit 60
python -m tests.campaigns.roads --count 500 --seed 1
python -m benchmarks.page
```

A campaign that is broken off goes on where it was; `--again` measures anew. Time limits end a run, so figures differ
from machine to machine, and a little from run to run.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="python -m benchmarks.page: docs/benchmarks.md from the results")
    parser.add_argument("--compare", type=Path, nargs="*", default=[COMPARE], help="files of benchmarks.compare")
    parser.add_argument("--known", type=Path, default=KNOWN)
    parser.add_argument("--ablation", type=Path, default=ABLATION)
    parser.add_argument("--fixed-work", type=Path, default=FIXED_WORK)
    parser.add_argument("--notes", type=Path, default=NOTES)
    parser.add_argument("-o", "--output", type=Path, default=PAGE)
    asked = parser.parse_args(arguments)
    compare = [run for path in asked.compare for run in read_runs(path)]
    notes = asked.notes.read_text(encoding="utf-8") if asked.notes.exists() else ""
    others = read_runs(asked.known), read_runs(asked.ablation), read_work(asked.fixed_work)
    text = page(compare, *others, notes, asked.output.parent / IMAGES)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(text, encoding="utf-8")
    return 0


def page(
    compare: Sequence[Run],
    known: Sequence[Run],
    ablation: Sequence[Run],
    work: Sequence[Work],
    notes: str,
    images: Path,
) -> str:
    """The page; its plots are written beside.

    Raises:
        ValueError: a bound is above a plan.
    """
    groups, bounds = tables.grouped(compare), best_bounds([*compare, *known, *ablation])
    others = [run for run in compare if size_of(run.instance) is None]
    parts = [
        HEAD, _machines([*compare, *known, *ablation]), _sizes(groups, images), _against(groups, bounds, images),
        _section("Other instances", "", tables.by_instance(others) if others else ""),
        _section("Instances with known optima", KNOWN_TEXT, tables.known(known) if known else ""),
        _section("What each idea is worth", ABLATION_TEXT, tables.ablation(ablation) if ablation else ""),
        _section("Where the time goes", TIME_TEXT, tables.phases(groups)),
        _section("The same work at every size", WORK_TEXT, tables.fixed_work(work)),
        notes, COMMANDS,
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


SIZES_TEXT = """\
Medians over the seeds. *First plan* is the first within 5% of the last bound, *building* the time until the search had
the program; both count from when the tables are read."""
KNOWN_TEXT = """\
Published problems with proven optima (`instances/benchmarks`), run with `--gap 1e-6`. HiGHS alone gets the program as
arrays, in the plain and in the tight formulation, and in the facility location form with setup times, which is the best
that we know for it (`benchmarks/peers/facility.py`)."""
ABLATION_TEXT = "Ours with one idea switched off at a time; medians."
WORK_TEXT = """\
CPU by item where no run is ended by time: prices climb so many steps, a plan is made lot by lot, each lot is decided
again so many times, and so large a share of the lots gets a chain (`benchmarks/fixed_work.py`). One thread, one
process, loading left out."""
TIME_TEXT = "Median seconds of the whole run, from the start of the command to its end."


def _sizes(groups: Mapping[Group, Mapping[str, Sequence[Run]]], images: Path) -> str:
    """Ours by size, with plots where there is more than one size."""
    if not any(OURS in solvers for solvers in groups.values()):
        return ""
    text = ["## By size", tables.ours(groups), SIZES_TEXT]
    longest = _longest(groups)
    if len({size.items for size, _ in longest}) > 1:
        text.append(_use_plots(longest, groups, images))
    return "\n\n".join(text)


def _use_plots(chosen: Sequence[Group], groups: Mapping[Group, Mapping[str, Sequence[Run]]], images: Path) -> str:
    from benchmarks.plots import use_over_size

    solvers = list(dict.fromkeys(solver for group in chosen for solver in groups[group]))
    sizes = [size.items for size, _ in chosen]
    memory = {
        solver: [middle(groups[group].get(solver, []), lambda run: run.peak_mb / 1000) for group in chosen]
        for solver in solvers
    }
    cpu = {OURS: [middle(groups[group].get(OURS, []), tables.cpu_per_item) for group in chosen]}
    use_over_size(sizes, memory, "Peak memory", "GB", images / "benchmark-memory.svg")
    use_over_size(sizes, cpu, "CPU per item", "seconds per item", images / "benchmark-cpu.svg")
    return (f"![Peak memory against items]({IMAGES}/benchmark-memory.svg)\n\n"
            f"![CPU per item against items]({IMAGES}/benchmark-cpu.svg)")  # fmt: skip


def _against(
    groups: Mapping[Group, Mapping[str, Sequence[Run]]], bounds: Mapping[str, float], images: Path
) -> str:  # fmt: skip
    """A table and a plot for each size that others ran, too."""
    from benchmarks.plots import gap_over_time

    text = []
    for (size, limit), solvers in groups.items():
        if len(solvers) < 2:
            continue
        title = f"{tables.label(size)}, {limit:,.0f} s"
        name = f"benchmark-gap-{size}-{limit:.0f}.svg"
        bounded = {solver: [run for run in runs if run.instance in bounds] for solver, runs in solvers.items()}
        if any(run.trace for runs in bounded.values() for run in runs):
            gap_over_time({solver: runs for solver, runs in bounded.items() if runs}, bounds, title, images / name)
            plot = f"![Gap against time, {title}]({IMAGES}/{name})"
        else:
            plot = ""
        text += [f"### {title}", tables.compared(solvers, bounds), plot]
    return "\n\n".join([COMPARED.strip(), *filter(None, text)]) if text else ""


def _longest(groups: Iterable[Group]) -> list[Group]:
    """For each number of items one plain group: of the most suppliers, the longest limit."""
    found: dict[int, Group] = {}
    for size, limit in groups:
        before = found.get(size.items)
        if not size.kind and (before is None or (size.suppliers, limit) > (before[0].suppliers, before[1])):
            found[size.items] = (size, limit)
    return [found[items] for items in sorted(found)]


def _section(title: str, text: str, table: str) -> str:
    return "\n\n".join(filter(None, [f"## {title}", text, table])) if table else ""


def _machines(runs: Sequence[Run]) -> str:
    """On what, when and with which versions."""
    machines, versions = sorted({run.machine for run in runs}), sorted({run.version for run in runs if run.version})
    days = sorted({run.when[:10] for run in runs if run.when})
    commits = sorted({run.commit for run in runs if run.commit and run.solver == OURS})
    if not runs:
        return "Nothing has been measured yet."
    span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"Measured {span} on {'; '.join(machines)}. Versions: {', '.join(versions)}; ours at {', '.join(commits)}."


if __name__ == "__main__":
    raise SystemExit(main())
