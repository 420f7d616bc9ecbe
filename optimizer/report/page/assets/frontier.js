// Frontier: cost against service as points, and a line through those that nothing beats; the knee is marked.

const points = data.points;
const valuesOf = (name) => points.columns.find((column) => column.name === name);
const [cost, service] = [valuesOf(data.cost), valuesOf(data.service)];
const asShare = service.kind === "share";
const shown = (value) => (asShare ? share(value) : amount(value));
const MINOR = /^(own_.*|seconds|solved|bound_alone|cost_own|varied_own|orders)$/;

function flagged(name, row) {
  const column = valuesOf(name);
  return Boolean(column && column.texts[column.values[row]]);
}

// What kind of point it is, and so its shape: not by colour alone.
function kindOf(row) {
  return flagged("knee", row) ? "knee" : flagged("dominated", row) ? "dominated" : "point";
}

function drawFrontier() {
  const host = byId("frontier");
  const rows = Array.from({ length: points.rows }, (_, row) => row).filter((row) => cost.values[row] !== null && service.values[row] !== null);
  if (!rows.length) return host.replaceChildren(make("p", { class: "quiet" }, "There are no points."));
  const width = Math.max(280, host.clientWidth);
  const [left, right] = [64, width - 16];
  const scale = asShare ? 100 : 1;
  const across = rows.map((row) => service.values[row] * scale);
  const costs = rows.map((row) => cost.values[row]);
  const [low, high] = [Math.min(...across) / scale, Math.max(...across) / scale];
  const label = `Cost against what is ${data.title}, ${counted(rows.length, "point")}: ${shown(low)} to ${shown(high)}, ${money(Math.min(...costs))} to ${money(Math.max(...costs))}. The table below has all figures.`;
  const svg = picture(width, 400, label);
  const panel = new Panel(svg, { left, right, top: 14, height: 320, low: Math.min(...costs), high: Math.max(...costs), count: 1, steps: 5 });
  panel.grid();
  const marks = ticks(Math.min(...across), Math.max(...across), width > 600 ? 8 : 4);
  const x = (row) => left + ((service.values[row] * scale - marks[0]) / (marks.at(-1) - marks[0])) * (right - left);
  const y = (row) => panel.y(cost.values[row]);
  for (const mark of marks) {
    const at = left + ((mark - marks[0]) / (marks.at(-1) - marks[0])) * (right - left);
    svg.append(drawn("line", { class: "rule", x1: at, x2: at, y1: 14, y2: 334 }));
    svg.append(drawn("text", { class: "tick", x: at, y: 352, "text-anchor": "middle" }, asShare ? `${mark}%` : short.format(mark)));
  }
  svg.append(drawn("text", { class: "name", x: (left + right) / 2, y: 382, "text-anchor": "middle" }, capital(data.title)));
  const good = rows.filter((row) => kindOf(row) !== "dominated").sort((a, b) => service.values[a] - service.values[b]);
  if (good.length > 1) svg.append(drawn("path", { class: "line", d: good.map((row, k) => `${k ? "L" : "M"}${x(row).toFixed(1)},${y(row).toFixed(1)}`).join("") }));
  for (const row of rows) {
    const mark = drawn("circle", { class: kindOf(row), cx: x(row).toFixed(1), cy: y(row).toFixed(1), r: kindOf(row) === "knee" ? 8 : 5 });
    mark.append(drawn("title", {}, `${shown(service.values[row])}, ${money(cost.values[row])}`));
    svg.append(mark);
    const name = [kindOf(row) === "knee" ? "knee" : "", flagged("own", row) ? "your own penalties" : ""].filter(Boolean).join(", ");
    const onRight = x(row) < (left + right) / 2;
    if (name) svg.append(drawn("text", { class: "name", x: x(row) + (onRight ? 14 : -14), y: y(row) + (onRight ? 18 : -10), "text-anchor": onRight ? "start" : "end" }, name));
  }
  host.replaceChildren(make("p", { class: "quiet" }, `${data.cost === "cost_other" ? "Cost without what was varied" : "Cost"} [${currency}]. Large: the knee. Hollow: another point costs no more and serves no worse.`), svg);
}

function drawPoints(everything) {
  const box = make("input", { type: "checkbox", checked: everything, onchange: (event) => { drawPoints(event.target.checked); byId("points").querySelector("input").focus(); } });
  const minor = points.columns.map((column) => column.name).filter((name) => MINOR.test(name));
  new Grid(byId("points"), points, {
    caption: "Points of the sweep", most: 100, hidden: everything ? [] : minor, titles: { fill_rate: "in all", fill_rate_on_time: "on time", cost_other: "other cost" },
    tools: () => (minor.length ? [make("label", { class: "choice" }, box, "all columns")] : []),
  });
}

drawPoints(false);
follow(byId("frontier"), drawFrontier);
drawFrontier();
