"""Plots: figures of the benchmark page, from results alone."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.results import Run, gap_at, middle
from benchmarks.runners import OURS

WIDTH, HEIGHT = 7.5, 4.2  # inches
STEPS = 120  # times at which a curve is drawn
COLOURS = {
    OURS: "#C00000", "Pyomo + HiGHS": "#7F7F7F", "HiGHS on arrays": "#2E75B6", "SCIP": "#548235", "CP-SAT": "#ED7D31",
    "CBC (PuLP)": "#7030A0", "HiGHS, tight form": "#1F4E79", "CP-SAT, tight form": "#BF9000",
    "CP-SAT, own form": "#843C0C", "HiGHS, facility form": "#00B0F0",
}  # fmt: skip
# The same results give the same file: no date in it, and ids that do not change.
FIXED = {"svg.hashsalt": "replenish", "svg.fonttype": "none", "font.size": 9}


def gap_over_time(runs: Mapping[str, Sequence[Run]], bounds: Mapping[str, float], title: str, path: Path) -> None:
    """The distance of each solver's plan to the best bound proven by anyone, over time; medians over instances.

    Args:
        runs: by solver.
        bounds: best bound of each instance.
        title: above the plot.
        path: the SVG file.
    """
    figure, axes = _new(title)
    last = 1.05 * max(run.seconds for each in runs.values() for run in each)  # some take a moment more to end
    times = [0.1 * (last / 0.1) ** (step / (STEPS - 1)) for step in range(STEPS)]
    for solver, each in runs.items():
        shares = [_middle_at(each, bounds, at) for at in times]
        shown = [(at, 100 * share) for at, share in zip(times, shares, strict=True) if share is not None]
        if shown:
            x, y = zip(*shown, strict=True)
            axes.plot(x, [max(value, 0.01) for value in y], label=solver, **_style(solver))
    axes.set(xscale="log", yscale="log", xlabel="seconds", ylabel="plan above the best proven bound [%]")
    _plain_numbers(axes.xaxis, axes.yaxis)
    axes.legend(frameon=False)
    _save(figure, path)


def use_over_size(
    sizes: Sequence[int], columns: Mapping[str, Sequence[float | None]], title: str, unit: str, path: Path
) -> None:
    """A figure against the number of items, both on logarithmic scales.

    Args:
        sizes: numbers of items.
        columns: by name, a value for each size or None.
        title: above the plot.
        unit: of the values, as the axis shows it.
        path: the SVG file.
    """
    figure, axes = _new(title)
    for name, values in columns.items():
        shown = [(size, value) for size, value in zip(sizes, values, strict=True) if value is not None]
        if shown:
            x, y = zip(*shown, strict=True)
            axes.plot(x, y, label=name, marker="o", **_style(name))
    axes.set(xscale="log", yscale="log", xlabel="items", ylabel=unit)
    _plain_numbers(axes.xaxis, axes.yaxis)
    axes.legend(frameon=False)
    _save(figure, path)


def _middle_at(runs: Sequence[Run], bounds: Mapping[str, float], seconds: float) -> float | None:
    return middle(runs, lambda run: gap_at(run, seconds, bounds[run.instance]))


def _new(title: str) -> tuple[Any, Any]:
    figure = import_module("matplotlib.figure").Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, fontsize=11, loc="left")
    axes.grid(which="major", color="#D9D9D9", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _style(name: str) -> dict[str, Any]:
    return {"color": COLOURS.get(name), "linewidth": 2.4 if name == OURS else 1.4}


def _plain_numbers(*axes: Any) -> None:
    """1,000 and 0.5 instead of powers of ten."""
    ticker = import_module("matplotlib.ticker")
    for axis in axes:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axis.set_minor_locator(ticker.NullLocator())
        axis.set_major_formatter(lambda value, place: f"{value:,.0f}" if value >= 1 else f"{value:g}")


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with import_module("matplotlib").rc_context(FIXED):
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
