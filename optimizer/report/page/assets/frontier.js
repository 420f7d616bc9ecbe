// Frontier: cost against service as points and a line through those that nothing beats; the knee is marked.

const points = data.points;
const valuesOf = (name) => points.columns.find((column) => column.name === name);
const [cost, service] = [valuesOf("cost"), valuesOf(data.service)];
const flagged = (name, row) => {
  const column = valuesOf(name);
  return Boolean(column && column.texts[column.values[row]]);
};

function drawFrontier() {
  const host = byId("frontier");
  const rows = Array.from({ length: points.rows }, (_, row) => row).filter((row) => cost.values[row] !== null && service.values[row] !== null);
  if (!rows.length) return host.replaceChildren(make("p", { class: "quiet" }, "There are no points."));
  const width = Math.max(280, host.clientWidth);
  const [left, right] = [64, width - 16];
  const good = rows.filter((row) => !flagged("dominated", row)).sort((a, b) => service.values[a] - service.values[b]);
  const [x0, x1] = [Math.min(...rows.map((row) => service.values[row])), Math.max(...rows.map((row) => service.values[row]))];
  const costs = rows.map((row) => cost.values[row]);
  const svg = picture(width, 400, `Cost against ${words(data.service)}, ${counted(rows.length, "point")}: from ${share(x0)} at ${money(Math.min(...costs))} to ${share(x1)}. The table below has all figures.`);
  const panel = new Panel(svg, { left, right, top: 14, height: 320, low: Math.min(...costs), high: Math.max(...costs), count: 1 });
  panel.grid();
  const marks = ticks(100 * x0, 100 * x1, width > 600 ? 8 : 4);
  const x = (value) => left + ((100 * value - marks[0]) / (marks.at(-1) - marks[0])) * (right - left);
  for (const mark of marks) {
    svg.append(drawn("line", { class: "rule", x1: x(mark / 100), x2: x(mark / 100), y1: 14, y2: 340 }));
    svg.append(drawn("text", { class: "tick", x: x(mark / 100), y: 358, "text-anchor": "middle" }, `${mark}%`));
  }
  svg.append(drawn("text", { class: "name", x: (left + right) / 2, y: 384, "text-anchor": "middle" }, capital(words(data.service))));
  if (good.length > 1) svg.append(drawn("path", { class: "line", d: good.map((row, k) => `${k ? "L" : "M"}${x(service.values[row]).toFixed(1)},${panel.y(cost.values[row]).toFixed(1)}`).join("") }));
  for (const row of rows) {
    const kind = flagged("knee", row) ? "knee" : flagged("dominated", row) ? "dominated" : "point";
    const mark = drawn("circle", { class: kind, cx: x(service.values[row]).toFixed(1), cy: panel.y(cost.values[row]).toFixed(1), r: kind === "knee" ? 8 : 5 });
    mark.append(drawn("title", {}, `${share(service.values[row])}, ${money(cost.values[row])}`));
    svg.append(mark);
    if (kind === "knee") svg.append(drawn("text", { class: "name", x: x(service.values[row]) - 12, y: panel.y(cost.values[row]) - 12, "text-anchor": "end" }, `knee: ${share(service.values[row])}, ${money(cost.values[row])}`));
  }
  host.replaceChildren(make("p", { class: "quiet" }, `Cost [${currency}]; hollow: another point costs no more and serves no worse.`), svg);
}

new Grid(byId("points"), points, { caption: "Points of the sweep", titles: { fill_rate: "fill rate", fill_rate_on_time: "on time" } });
follow(byId("frontier"), drawFrontier);
drawFrontier();
