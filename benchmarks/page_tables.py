"""Tables of the benchmark page: medians over the instances of a size, as Markdown."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from benchmarks.campaign import percent
from benchmarks.fixed_work import Work, deciding, working
from benchmarks.instances import Size, size_of
from benchmarks.peers.solvers import PEERS
from benchmarks.results import Run, controllable_gap, gap, middle, seconds_to
from benchmarks.runners import OURS

FIRST = 0.05  # "first plan" is the first within this share of the last bound
ORDER = [OURS, *(peer.title for peer in PEERS.values())]
GOALS: dict[
    tuple[str, float], str
] = {  # final gap, and seconds to the first plan within 5%, that were set before anything was built
    ("20x12", 60): "1.5%",
    ("50x12", 120): "1%; 1 s",
    ("200x12", 120): "0.7%; 1 s",
    ("1000x12", 60): "1%; 2 s",
    ("1000x12", 300): "0.3%; 2 s",
    ("1000x60", 300): "0.7%; 3 s",
    ("rich-1000x12", 300): "2%",
    ("10000x120", 600): "0.5%; 20 s; 8 GB",
    ("100000x1200", 3600): "1%; 200 s; 20 GB",
}
Group = tuple[Size, float]  # size and time limit


def grouped(runs: Iterable[Run]) -> dict[Group, dict[str, list[Run]]]:
    """Runs on the family by size and time limit, then by solver in the order of the tables."""
    found: dict[Group, dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        size = size_of(run.instance)
        if size is not None and not run.without:
            found[size, run.seconds][run.solver].append(run)
    return {
        group: dict(sorted(found[group].items(), key=lambda each: _place(each[0])))
        for group in sorted(found, key=lambda group: (group[0].kind, group[0].items, group[0].suppliers, group[1]))
    }


def ours(groups: Mapping[Group, Mapping[str, Sequence[Run]]]) -> str:
    """Ours by size."""
    header = ["items / suppliers", "limit", "seeds", "building", "first plan ≤5%", "final gap", "controllable gap"]
    header += ["goal", "whole run", "CPU", "CPU per item", "peak memory"]
    rows = []
    for (size, limit), solvers in groups.items():
        runs = solvers.get(OURS, [])
        if not runs:
            continue
        rows.append([
            label(size), f"{limit:,.0f} s", f"{len(runs)}", _seconds(middle(runs, started)),
            _seconds(middle(runs, lambda run: seconds_to(run, FIRST))), percent(middle(runs, own_gap)),
            percent(middle(runs, controllable_gap)), GOALS.get((str(size), limit), ""),
            _seconds(middle(runs, lambda run: run.wall)),
            _seconds(middle(runs, lambda run: run.cpu)), _milliseconds(middle(runs, cpu_per_item)),
            _memory(middle(runs, lambda run: run.peak_mb)),
        ])  # fmt: skip
    return markdown(header, rows)


def compared(solvers: Mapping[str, Sequence[Run]], bounds: Mapping[str, float]) -> str:
    """All solvers on the instances of one size that each of them was given."""
    header = ["solver", "plans", "plan above best bound", "own gap", "own bound below best", "first plan ≤5%"]
    header += ["CPU", "peak memory", "notes"]
    rows = []
    for solver, runs in solvers.items():
        notes = sorted({run.note for run in runs if run.note})
        rows.append([
            f"**{solver}**" if solver == OURS else solver,
            f"{sum(run.plan is not None for run in runs)} of {len(runs)}",
            percent(middle(runs, lambda run: gap(run.plan, bounds.get(run.instance)))),
            percent(middle(runs, own_gap)) + ("" if all(run.bound_holds for run in runs) else "*"),
            percent(middle(runs, lambda run: _behind(run, bounds))),
            _seconds(middle(runs, lambda run: seconds_to(run, FIRST, bounds.get(run.instance)))),
            _seconds(middle(runs, lambda run: run.cpu)), _memory(middle(runs, lambda run: run.peak_mb)),
            "; ".join(notes),
        ])  # fmt: skip
    return markdown(header, rows)


def by_instance(runs: Sequence[Run]) -> str:
    """One row for each run on an instance that is not of the family."""
    header = ["instance", "solver", "limit", "first plan ≤5%", "gap", "controllable gap", "CPU", "peak memory", "notes"]
    rows = [
        [
            run.instance,
            run.solver,
            f"{run.seconds:,.0f} s",
            _seconds(seconds_to(run, FIRST)),
            percent(own_gap(run)),
            percent(controllable_gap(run)),
            _seconds(run.cpu),
            _memory(run.peak_mb),
            run.note,
        ]
        for run in sorted(runs, key=lambda run: (run.instance, run.seconds, _place(run.solver)))
    ]
    return markdown(header, rows)


def known(runs: Sequence[Run]) -> str:
    """Instances whose optimum is published."""
    header = ["instance", "solver", "limit", "known", "plan", "bound", "gap", "bound ≤ known ≤ plan"]
    header += ["within 0.5% after", "optimal after"]
    rows = [
        [
            run.instance,
            run.solver,
            f"{run.seconds:,.0f} s",
            _money(run.known),
            _money(run.plan),
            _money(run.bound),
            percent(own_gap(run), 3),
            "yes" if consistent(run) else "**NO**",
            _seconds(_proven(run, 0.005)),
            _seconds(_proven(run, 1e-6)),
        ]
        for run in sorted(runs, key=lambda run: (run.instance, run.seconds, run.solver != OURS, run.solver))
    ]
    return markdown(header, rows)


def ablation(runs: Sequence[Run]) -> str:
    """Each idea off, against all of them on."""
    header = ["items / suppliers", "limit", "without", "seeds", "gap", "controllable gap", "first plan ≤5%", "costs"]
    groups: dict[tuple[Size | str, float], dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        groups[size_of(run.instance) or run.instance, run.seconds][run.without].append(run)
    rows = []
    for (size, limit), ideas in sorted(groups.items(), key=_by_size):
        whole = middle(ideas.get("", []), own_gap)
        for idea, each in sorted(ideas.items(), key=lambda named: (named[0] != "", _largest_first(named[1]))):
            found = middle(each, own_gap)
            costs = "" if not idea or found is None or whole is None else f"{100 * (found - whole):+.2f} points"
            rows.append([
                label(size) if isinstance(size, Size) else size, f"{limit:,.0f} s", idea or "nothing", f"{len(each)}",
                percent(found), percent(middle(each, controllable_gap)),
                _seconds(middle(each, lambda run: seconds_to(run, FIRST))), costs,
            ])  # fmt: skip
    return markdown(header, rows)


def phases(groups: Mapping[Group, Mapping[str, Sequence[Run]]]) -> str:
    """Where ours spent its time, by size; empty where nothing is recorded."""
    rows = []
    for (size, limit), solvers in groups.items():
        runs = [run for run in solvers.get(OURS, []) if run.phases]
        names = dict.fromkeys(name for run in runs for name in run.phases)
        for name in names:
            seconds = median(run.phases.get(name, 0.0) for run in runs)
            share = median(run.phases.get(name, 0.0) / run.wall for run in runs)
            rows.append([label(size), f"{limit:,.0f} s", name, _seconds(seconds), percent(share, 0)])
    return markdown(["items / suppliers", "limit", "doing", "seconds", "share"], rows) if rows else ""


def fixed_work(measured: Sequence[Work]) -> str:
    """CPU per item by stage where the work is fixed, at each size, and the last size against the first."""
    if not measured:
        return ""
    header = ["stage", *(f"{label(Size.parse(made.size))}, ms per item" for made in measured), "last ÷ first"]
    stages = dict.fromkeys(stage for made in measured for stage in made.cpu if stage != "load")
    seconds = {stage: [made.cpu.get(stage, 0.0) for made in measured] for stage in stages}
    seconds["**in all**"] = [working(made) for made in measured]
    seconds["of it deciding"] = [deciding(made) for made in measured]
    rows = []
    for name, each in seconds.items():
        by_item = [1000 * value / made.items for value, made in zip(each, measured, strict=True)]
        ratio = f"{by_item[-1] / by_item[0]:.2f}" if by_item[0] else "–"
        rows.append([name, *(f"{value:,.2f}" for value in by_item), ratio])
    rows.append(["peak memory", *(_memory(max(made.memory.values()) / 1e6) for made in measured), ""])
    rows.append(["gap of the plan", *(percent(made.gap) for made in measured), ""])
    return markdown(header, rows)


def label(size: Size) -> str:
    """A size for people."""
    return f"{size.items:,} / {size.suppliers:,}{' ' if size.kind else ''}{size.kind}"


def own_gap(run: Run) -> float | None:
    """To the run's own bound."""
    return gap(run.plan, run.bound)


def started(run: Run) -> float | None:
    """Seconds until the search had the program."""
    return run.trace[0][0] if run.trace else None


def cpu_per_item(run: Run) -> float | None:
    """Seconds."""
    size = size_of(run.instance)
    return run.cpu / size.items if size else None


def consistent(run: Run) -> bool:
    """Whether the known optimum lies between bound and plan."""
    if run.known is None:
        return True
    slack = 1e-6 * max(1.0, abs(run.known))
    above = run.plan is None or run.plan >= run.known - slack
    return above and (run.bound is None or not run.bound_holds or run.bound <= run.known + slack)


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


def _behind(run: Run, bounds: Mapping[str, float]) -> float | None:
    best = bounds.get(run.instance)
    if best is None or run.bound is None or not run.bound_holds:
        return None
    return max(0.0, best - run.bound) / abs(best) if best else 0.0


def _proven(run: Run, share: float) -> float | None:
    """When plan and bound of that moment were within a share of each other."""
    for seconds, plan, bound in run.trace:
        distance = gap(plan, bound)
        if distance is not None and distance <= share:
            return seconds
    return None


def _by_size(group: tuple[tuple[Size | str, float], object]) -> tuple[int, str, float]:
    size, seconds = group[0]
    return size.items if isinstance(size, Size) else 0, str(size), seconds


def _largest_first(runs: Sequence[Run]) -> float:
    found = middle(runs, own_gap)
    return -1.0 if found is None else -found


def _place(solver: str) -> int:
    return ORDER.index(solver) if solver in ORDER else len(ORDER)


def _format(value: float | None, show: Callable[[float], str]) -> str:
    return "–" if value is None else show(value)


def _seconds(value: float | None) -> str:
    return _format(value, lambda seconds: f"{seconds:,.1f} s" if seconds < 100 else f"{seconds:,.0f} s")


def _milliseconds(value: float | None) -> str:
    return _format(value, lambda seconds: f"{1000 * seconds:,.0f} ms")


def _memory(value: float | None) -> str:
    return _format(value, lambda megabytes: f"{megabytes / 1000:,.2f} GB")


def _money(value: float | None) -> str:
    return _format(value, lambda money: f"{money:,.2f}")
