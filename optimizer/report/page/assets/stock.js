// Stock: the items at risk, and the projection of one of them: stock, safety stock, who waits, demand and receipts.

const stock = data.stock;
const pairs = stock.item.length;
const several = data.names.location.length > 1;
const RECEIPTS = [["open_receipts", "open", "ordered earlier"], ["new_receipts", "new", "ordered by this plan"], ["transfers_in", "moved", "from other locations"]];
const zeros = data.periods.map(() => 0);
const series = (name, pair) => stock.figures[name][pair] || zeros;
const locationOf = (pair) => data.names.location[stock.location[pair]] || "";
const nameOf = (pair) => `${data.names.item[stock.item[pair]]}${several ? ` at ${locationOf(pair) || "any location"}` : ""}`;
const keyOf = (pair) => `${data.names.item[stock.item[pair]]}|${locationOf(pair)}`;
const periodName = (place) => (data.period === "day" ? data.periods[place] : `${data.period} of ${data.periods[place]}`);
const seen = (pair) => passes((dimension) => ({ item: stock.item[pair], location: stock.location[pair] })[dimension]);
let cursor = -1;

// The item and location that is shown: the one asked for, else the first that the filter lets through.
function shownPair() {
  let first = -1;
  for (let pair = 0; pair < pairs; pair++) {
    if (!seen(pair)) continue;
    if (keyOf(pair) === state.show) return pair;
    if (first < 0) first = pair;
  }
  return first;
}

function showItem(code) {
  const pair = stock.item.indexOf(code);
  if (pair < 0) return say(`${data.names.item[code]}: its stock is not in this page; inventory.csv has it.`);
  const item = seen(pair) ? {} : { item: "", supplier: "", customer: "" };
  setState({ ...item, show: keyOf(pair) });
  goTo("stock");
}

function riskTable() {
  const column = (name, kind, note, values) => ({ name, kind, note, values });
  const date = (name, note, places) => ({ name, kind: "date", note, values: places.map((place) => place + 1), texts: ["", ...data.periods] });
  const source = {
    rows: pairs, total: stock.total, source: "inventory.csv",
    columns: [
      column("item", "item", "The item.", stock.item),
      column("location", "location", "Where.", several ? stock.location : stock.location.map(() => -1)),
      date("from", "The first period in which it is below its safety stock, or somebody waits or goes short.", stock.first),
      column("lowest", "quantity", "The lowest stock at the end of a period.", stock.lowest),
      column("safety_stock", "quantity", "The safety stock you set.", stock.safety),
      column("periods_below", "number", "Periods that end below the safety stock.", stock.below),
      column("cover", "number", "How many periods of the demand to come the stock at the end of the first one lasts.", stock.cover),
      column("late", "quantity", "The most that waits at the end of a period.", stock.late),
      column("never", "quantity", "What is never delivered.", stock.never),
      column("at_stake", "money", `What waiting, falling short and thin stock cost. [${currency}]`, stock.stake),
    ],
  };
  let everything = false;
  const risky = (pair) => stock.first[pair] >= 0;
  const grid = new Grid(byId("risk-table"), source, {
    caption: "Items, those with most money at stake first",
    sort: ["at_stake", true], most: 10, blank: ["late", "never", "periods_below", "safety_stock", "at_stake"],
    keep: (pair) => everything || risky(pair),
    titles: { from: "from", lowest: "lowest stock", periods_below: `${data.period}s below`, cover: `cover [${data.period}s]`, late: "waiting", never: "never delivered" },
    cells: { item: (pair) => itemCell(stock.item[pair]) },
    tools: (self) => [make("label", { class: "choice" }, make("input", { type: "checkbox", checked: everything, onchange: (event) => { everything = event.target.checked; self.filter(); self.host.querySelector("input").focus(); } }), "all items")],
  });
  const lead = () => {
    let [wrong, all] = [0, 0];
    for (let pair = 0; pair < pairs; pair++) {
      if (!seen(pair)) continue;
      all++;
      if (risky(pair)) wrong++;
    }
    const what = (several ? "items and locations" : "items") + (stock.total > pairs ? " in this page, those with most at stake," : "");
    byId("risk-lead").textContent = wrong ? `${figure(wrong, 0, 0)} of ${figure(all, 0, 0)} ${what} run below their safety stock, or keep customers waiting.` : `None of ${figure(all, 0, 0)} ${what} runs below its safety stock or keeps anybody waiting.`;
  };
  listeners.push(lead);
  lead();
  return grid;
}

function told(pair, place) {
  const at = (name) => series(name, pair)[place];
  const parts = [`on hand ${amount(at("on_hand"))}`, `demand ${amount(at("demand"))}`];
  for (const [name, , text] of RECEIPTS) if (at(name)) parts.push(`receipt ${amount(at(name))} ${text}`);
  if (at("backlog")) parts.push(`waiting ${amount(at("backlog"))}`);
  if (at("short")) parts.push(`never delivered ${amount(at("short"))}`);
  if (at("on_hand") < stock.safety[pair] - 1e-6) parts.push(`${amount(stock.safety[pair] - at("on_hand"))} below safety stock`);
  return `${capital(periodName(place))}: ${parts.join(", ")}`;
}

function stockChart(host, pair) {
  const width = Math.max(280, host.clientWidth);
  const [left, right, count] = [52, width - 6, data.periods.length];
  const onHand = series("on_hand", pair);
  const backlog = series("backlog", pair);
  const demand = series("demand", pair);
  const never = series("short", pair);
  const lowest = Math.min(...onHand);
  const label = `Stock of ${nameOf(pair)} over ${count} ${data.period}s: lowest ${amount(lowest)} in the ${periodName(onHand.indexOf(lowest))}; ${counted(stock.below[pair], data.period)} below the safety stock of ${amount(stock.safety[pair])}. The table below has all figures.`;
  const svg = picture(width, 430, label);
  const upper = new Panel(svg, { left, right, top: 12, height: 220, low: -Math.max(...backlog), high: Math.max(...onHand, stock.safety[pair], 1), count, steps: 5 });
  const received = data.periods.map((_, t) => total(RECEIPTS.map(([name]) => series(name, pair)[t])));
  const lower = new Panel(svg, { left, right, top: 276, height: 110, low: 0, high: Math.max(...demand, ...received, 1), count, steps: 3 });
  upper.grid();
  lower.grid();
  lower.months(data.periods);
  const base = upper.y(0).toFixed(1);
  const path = upper.steppedPath(onHand);
  svg.append(drawn("path", { class: "area", d: `${path}V${base}H${(upper.x(0) - upper.wide / 2).toFixed(1)}Z` }), drawn("path", { class: "line", d: path }));
  backlog.forEach((value, t) => upper.bar("late", t, 0, -value));
  if (stock.safety[pair]) svg.append(drawn("line", { class: "safety", x1: left, x2: right, y1: upper.y(stock.safety[pair]), y2: upper.y(stock.safety[pair]) }));
  data.periods.forEach((_, t) => {
    lower.bar("demand", t, 0, demand[t] - never[t], 0.46);
    lower.bar("never", t, demand[t] - never[t], demand[t], 0.46);
    let sum = 0;
    for (const [name, colour] of RECEIPTS) {
      const value = series(name, pair)[t];
      lower.bar(colour, t, sum, sum + value, 0.46, 0.54);
      sum += value;
    }
  });
  svg.append(drawn("text", { class: "name", x: left, y: 266 }, "Demand and receipts"));
  const line = drawn("line", { class: "cursor", y1: 6, y2: 386, visibility: "hidden" });
  svg.append(line);
  return { svg, upper, line };
}

function drawStock() {
  const host = byId("stock-chart");
  const pair = shownPair();
  if (pair < 0) return host.replaceChildren(make("p", { class: "quiet" }, isFiltered() ? "Nothing that the filter lets through." : "Nothing is or happens in stock."));
  const { svg, upper, line } = stockChart(host, pair);
  const readout = make("p", { class: "readout" });
  const slider = make("input", { type: "range", min: 0, max: data.periods.length - 1, value: Math.max(cursor, 0), "aria-label": `${capital(data.period)} of the chart` });
  const move = (place) => {
    cursor = Math.min(Math.max(place, 0), data.periods.length - 1);
    line.setAttribute("x1", upper.x(cursor));
    line.setAttribute("x2", upper.x(cursor));
    line.setAttribute("visibility", "visible");
    readout.textContent = told(pair, cursor);
    slider.value = cursor;
    slider.setAttribute("aria-valuetext", told(pair, cursor));
  };
  svg.addEventListener("pointermove", (event) => move(Math.floor((event.offsetX - upper.left) / upper.wide)));
  slider.addEventListener("input", () => move(Number(slider.value)));
  const item = stock.item[pair];
  const names = [["area", "on hand"], ["safety", "safety stock"], ["late", "waiting"], ["demand", "demand"], ["never", "never delivered"], ["open", "receipt, ordered earlier"], ["new", "receipt, ordered by this plan"], ["moved", "receipt, from other locations"]];
  const figures = { area: "on_hand", late: "backlog", demand: "demand", never: "short", open: "open_receipts", new: "new_receipts", moved: "transfers_in" };
  const there = names.filter(([name]) => (name === "safety" ? stock.safety[pair] > 0 : stock.figures[figures[name]][pair]));
  host.replaceChildren(
    make("div", { class: "heading" }, make("h3", {}, nameOf(pair)), make("p", { class: "quiet" }, data.about[item] || ""), chooser(pair)),
    legend(there), svg, make("div", { class: "slide" }, slider), readout, figuresTable(pair));
  move(cursor < 0 ? Math.max(stock.first[pair], 0) : cursor);
  drawPegs(pair);
}

// Where the stock of the item that is shown comes from, and whom it serves.
function drawPegs(pair) {
  const [source, host] = [data.tables.pegs, byId("stock-pegs")];
  const [item, location] = ["item", "location"].map((name) => source.columns.find((column) => column.name === name).values);
  if (!source.rows) return;
  const inner = make("div", {});
  host.replaceChildren(make("h3", {}, "Which receipt serves whom"), make("p", { class: "quiet" }, "First in, first out; what nobody takes is ending stock."), inner);
  new Grid(inner, source, {
    caption: `Which receipt of ${nameOf(pair)} serves whom`, most: 10,
    keep: (row) => item[row] === stock.item[pair] && (!several || location[row] === stock.location[pair]),
    hidden: ["item", several ? "" : "location", "reference", "kind"],
    titles: { use: "goes to", period: "leaves", ordered: "ordered in", arrival: "arrives" },
  });
}

// Steps to the item before and after, in the order of what is at stake, of those that the filter lets through.
function chooser(pair) {
  const step = (by) => {
    const next = neighbour(pair, by);
    return make("button", { type: "button", disabled: next < 0, "data-step": by, onclick: () => { setState({ show: keyOf(next) }); document.querySelector(`[data-step="${by}"]`)?.focus(); } }, by < 0 ? "Earlier item" : "Next item");
  };
  return make("span", { class: "chooser" }, step(-1), step(1));
}

function neighbour(pair, by) {
  for (let next = pair + by; next >= 0 && next < pairs; next += by) if (seen(next)) return next;
  return -1;
}

function figuresTable(pair) {
  const names = ["demand", "on_hand", "backlog", "short", ...RECEIPTS.map(([name]) => name)].filter((name) => name === "on_hand" || name === "demand" || stock.figures[name][pair]);
  const titles = { on_hand: "on hand", backlog: "waiting", short: "never delivered", open_receipts: "receipt, ordered earlier", new_receipts: "receipt, ordered by this plan", transfers_in: "receipt, from other locations" };
  const details = make("details", {}, make("summary", {}, "Figures as a table"));
  details.addEventListener("toggle", () => {
    if (details.children.length > 1) return;
    const head = make("tr", {}, make("th", { scope: "col" }, data.period), ...names.map((name) => make("th", { scope: "col", class: "number" }, titles[name] || name)));
    const rows = data.periods.map((day, t) => make("tr", {}, make("th", { scope: "row", "data-label": data.period }, day), ...names.map((name) => make("td", { class: "number", "data-label": titles[name] || name }, amount(series(name, pair)[t])))));
    details.append(make("div", { class: "scroll" }, make("table", {}, make("caption", { class: "quiet" }, `Stock of ${nameOf(pair)} by ${data.period}`), make("thead", {}, head), make("tbody", {}, ...rows))));
  });
  return details;
}
