// Figure: axes and marks of a chart, drawn as SVG. Colours are the style's.

// Round numbers from at or below `low` to at or above `high`, about `count` of them.
function ticks(low, high, count) {
  if (!(high > low)) return [low || 0, (low || 0) + 1];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((wide) => wide >= raw * 0.85);
  const found = [];
  for (let k = Math.floor(low / step + 1e-9); k * step < high + step * 0.999; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

// A panel of a chart: its place in the picture and its scales.
class Panel {
  constructor(picture, { left, right, top, height, low, high, count, steps }) {
    Object.assign(this, { picture, left, right, top, height, steps });
    this.marks = ticks(low, high, steps || 4);
    [this.low, this.high] = [this.marks[0], this.marks.at(-1)];
    this.count = count;
  }

  x(place) { return this.left + ((place + 0.5) * (this.right - this.left)) / this.count; }
  y(value) { return this.top + this.height * (1 - (value - this.low) / (this.high - this.low)); }
  get wide() { return (this.right - this.left) / this.count; }

  grid() {
    for (const mark of this.marks) {
      const y = this.y(mark);
      this.picture.append(drawn("line", { class: mark === 0 ? "zero" : "rule", x1: this.left, x2: this.right, y1: y, y2: y }));
      this.picture.append(drawn("text", { class: "tick", x: this.left - 6, y: y + 4, "text-anchor": "end" }, short.format(mark).replace("-", "\u2212")));
    }
  }

  // Months below the panel, as many as there is room for.
  months(periods) {
    const starts = periods.map((day, place) => [day, place]).filter(([day, place]) => place === 0 || day.slice(0, 7) !== periods[place - 1].slice(0, 7));
    const each = Math.ceil((starts.length * 52) / (this.right - this.left));
    starts.forEach(([day, place], month) => {
      const x = this.x(place) - this.wide / 2;
      if (month % each || x > this.right - 24) return;
      const name = new Date(`${day}T00:00Z`).toLocaleDateString("en", { month: "short", timeZone: "UTC" });
      const newYear = !month || starts[month - each][0].slice(0, 4) !== day.slice(0, 4);
      const below = this.top + this.height;
      this.picture.append(drawn("line", { class: "rule", x1: x, x2: x, y1: below, y2: below + 5 }));
      this.picture.append(drawn("text", { class: "tick", x: x + 3, y: below + 16 }, name));
      if (newYear) this.picture.append(drawn("text", { class: "tick", x: x + 3, y: below + 30 }, day.slice(0, 4)));
    });
  }

  bar(name, place, from, to, share = 1, shift = 0) {
    if (Math.abs(to - from) < 1e-9) return;
    const wide = Math.max(1, this.wide * 0.84 * share);
    const x = this.x(place) - this.wide * 0.42 + this.wide * 0.84 * shift;
    const [high, low] = [this.y(Math.max(from, to)), this.y(Math.min(from, to))];
    this.picture.append(drawn("rect", { class: name, x: x.toFixed(1), y: high.toFixed(1), width: wide.toFixed(1), height: Math.max(0.5, low - high).toFixed(1) }));
  }

  // A line that holds its value throughout each period.
  steppedPath(values) {
    return values.map((value, place) => `${place ? "V" : `M${(this.x(0) - this.wide / 2).toFixed(1)},`}${this.y(value).toFixed(1)}H${(this.x(place) + this.wide / 2).toFixed(1)}`).join("");
  }
}

function legend(entries) {
  return make("ul", { class: "legend", "aria-hidden": "true" }, ...entries.map(([name, text]) => {
    const swatch = drawn("svg", { width: 14, height: 12, class: "swatch" }, drawn("rect", { class: name, x: 0, y: name === "safety" ? 5 : 1, width: 14, height: name === "safety" ? 2 : 10 }));
    return make("li", {}, swatch, text);
  }));
}

function picture(width, height, label) {
  return drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
}

// Draw anew whenever the room for it changes.
function follow(host, draw) {
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.round(host.clientWidth);
    if (now && now !== width) {
      width = now;
      draw();
    }
  }).observe(host);
}
