"""Picture: a frontier as an SVG drawing that needs nothing else: no script, no font, no file.

The line goes through the points that nothing dominates; what is dominated is hollow, the knee is a diamond, the own
penalties a square. Each point says on hovering what it is; a reader who sees no colours has shapes and titles.
"""

import math
from collections.abc import Sequence
from html import escape

from optimizer.report.text import amount, percent
from optimizer.tune.result import Axis, Tuned

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 46, 64
TICKS = 5
LINE, KNEE, OWN, INK, PALE = "#1f5a99", "#c2410c", "#15803d", "#1f2937", "#d1d5db"


def picture(result: Tuned) -> str:
    """The drawing as text."""
    across, up = result.values(result.across).tolist(), result.values(result.up).tolist()
    x, y = _scale(across, LEFT, WIDTH - RIGHT), _scale(up, HEIGHT - BOTTOM, TOP)
    at = [(x.place(one), y.place(other)) for one, other in zip(across, up, strict=True)]
    title = f"{result.name}: {result.up.label} against {result.across.label}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="15" font-weight="600">{escape(title)}</text>',
        *_axes(result, x, y),
        *_frontier(result, at),
        *_points(result, at),
        *_legend(result),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    """From figures to places, over round figures."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        width = (high - low) or max(abs(high), 1.0) * 0.1
        step = _round_step(width / TICKS)
        self.low, self.high = math.floor(low / step) * step, math.ceil(high / step) * step
        if self.low == self.high:
            self.high += step
        self.ticks = [self.low + k * step for k in range(round((self.high - self.low) / step) + 1)]
        self._start, self._end = start, end

    def place(self, figure: float) -> float:
        return self._start + (figure - self.low) / (self.high - self.low) * (self._end - self._start)


def _scale(figures: Sequence[float], start: float, end: float) -> _Scale:
    return _Scale(min(figures), max(figures), start, end)


def _round_step(width: float) -> float:
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width * (1 - 1e-9))


def _axes(result: Tuned, x: _Scale, y: _Scale) -> list[str]:
    found = []
    for tick in x.ticks:
        place = f"{x.place(tick):.1f}"
        found.append(f'<line x1="{place}" y1="{TOP}" x2="{place}" y2="{HEIGHT - BOTTOM}" stroke="{PALE}"/>')
        label = escape(_told(tick, result.across))
        found.append(f'<text x="{place}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
    for tick in y.ticks:
        place = f"{y.place(tick):.1f}"
        found.append(f'<line x1="{LEFT}" y1="{place}" x2="{WIDTH - RIGHT}" y2="{place}" stroke="{PALE}"/>')
        label = escape(_told(tick, result.up))
        found.append(f'<text x="{LEFT - 8}" y="{float(place) + 4:.1f}" text-anchor="end">{label}</text>')
    label = escape(f"{result.across.label} [{result.currency}]" if result.across.money else result.across.label)
    found.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 24}" text-anchor="middle">{label}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    found.append(
        f'<text x="16" y="{middle:.0f}" text-anchor="middle" transform="rotate(-90 16 {middle:.0f})">'
        f"{escape(result.up.label)}</text>"
    )
    return found


def _frontier(result: Tuned, at: Sequence[tuple[float, float]]) -> list[str]:
    kept = sorted(place for place, out in zip(at, result.points["dominated"], strict=True) if not out)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in kept)
    return [f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>'] if len(kept) > 1 else []


def _points(result: Tuned, at: Sequence[tuple[float, float]]) -> list[str]:
    found = []
    rows = zip(result.points.to_dict("records"), at, strict=True)
    for row, (x, y) in sorted(rows, key=lambda one: -int(one[0]["dominated"])):  # what is not stands in front
        told = f"{_told(row[result.across.column], result.across)}, {_told(row[result.up.column], result.up)}"
        title = f"<title>{escape(str(row['label']))}: {escape(told)}</title>"
        fill = "white" if row["dominated"] else LINE
        found.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{LINE}">{title}</circle>')
        if row["own"]:
            found.append(_square(x, y))
        if row["knee"]:
            found.append(_diamond(x, y))
    return found


def _square(x: float, y: float) -> str:
    return f'<rect x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16" fill="none" stroke="{OWN}" stroke-width="2"/>'


def _diamond(x: float, y: float) -> str:
    corners = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in ((0, -11), (11, 0), (0, 11), (-11, 0)))
    return f'<polygon points="{corners}" fill="none" stroke="{KNEE}" stroke-width="2"/>'


def _legend(result: Tuned) -> list[str]:
    """What the marks are, of those that occur."""
    marks = []
    if result.points["own"].any():
        marks.append((_square, result.own_is))
    if result.points["knee"].any():
        marks.append((_diamond, result.knee_is))
    found, x = [], LEFT + 8.0
    for mark, text in marks:
        found += [mark(x, HEIGHT - 10), f'<text x="{x + 16:.0f}" y="{HEIGHT - 6}" font-size="12">{escape(text)}</text>']
        x += 24 + 7.2 * len(text)
    if result.points["dominated"].any():
        found.append(f'<circle cx="{x:.0f}" cy="{HEIGHT - 10}" r="4" fill="white" stroke="{LINE}"/>')
        found.append(f'<text x="{x + 10:.0f}" y="{HEIGHT - 6}" font-size="12">dominated</text>')
    return found


def _told(figure: float, axis: Axis) -> str:
    return percent(figure) if axis.share else amount(figure)
