// Plan: the page put together.

const grids = [];
const say = (text) => (byId("status").textContent = text);

// To a section, without another entry in the history: the address keeps the filter.
function goTo(id) {
  const section = byId(id);
  section.scrollIntoView({ block: "start" });
  section.focus({ preventScroll: true });
}

// Today's worklist, where the plan has one; then the orders are its second part.
function worklist() {
  const source = data.tables.worklist;
  if (!source) return;
  const host = byId("worklist");
  const shown = ["action", "item", "with", "why", "quantity", "promise", "latest_safe_date", "at_stake"];
  const columns = new Map(source.columns.map((column) => [column.name, column]));
  const rest = source.columns.filter((column) => !shown.includes(column.name));
  grids.push(new Grid(host, { ...source, columns: [...shown.map((name) => columns.get(name)), ...rest] }, {
    caption: "Worklist, that first on which most money hangs", printed: 40, most: 8,
    sort: ["rank", false], group: "action", apart: true, money: "at_stake", blank: ["at_stake"],
    hidden: rest.map((column) => column.name),
    cells: { action: (row, grid) => make("strong", {}, capital(grid.text(columns.get("action"), row))) },
    titles: { latest_safe_date: "until", at_stake: `at stake [${currency}]` },
  }));
  byId("today-lead").before(make("h3", {}, "Orders to send"));
}

function orderTables() {
  const titles = { arrival_period: "arrives", order_period: "send in", unit_cost: "price", value: `value [${currency}]` };
  const { today, later } = data.tables;
  if (today.rows) {
    grids.push(new Grid(byId("today-table"), today, {
      caption: "Orders to send now, by supplier", group: "supplier", money: "value", most: 50, printed: Infinity, sort: ["value", true], titles,
      hidden: ["supplier", "action", "order_period", several ? "" : "location"],
    }));
  }
  const hidden = ["action", several ? "" : "location"];
  if (later.rows) grids.push(new Grid(byId("later-table"), later, { caption: "Orders planned for later, the next first", titles, hidden }));
}

function waitingTable() {
  const source = data.tables.waiting;
  if (!source.rows) return;
  const promise = source.columns.find((column) => column.name === "promise");
  const short = source.columns.find((column) => column.name === "short_quantity");
  const text = (row) => promise.texts[promise.values[row]];
  grids.push(new Grid(byId("waiting-table"), source, {
    caption: "Demand lines late or short, the dearest first", group: "customer", money: "cost", most: 15, sort: ["cost", true],
    hidden: ["customer", "kind"],
    blank: ["late_quantity", "short_quantity"],
    titles: { quantity: "asked", late_quantity: "late", short_quantity: "short", demand_location: "at", cost: `cost [${currency}]` },
    cells: {
      promise: (row) => make("span", { class: text(row) ? "date" : "never" }, text(row) || "never"),
      short_quantity: (row, grid) => make("span", { class: "never" }, grid.text(short, row)),
    },
    about: (group) => {
      const last = group.rows.map(text).reduce((a, b) => (a > b ? a : b), "");
      return last ? `\u00b7 the last by ${last}` : "\u00b7 never";
    },
  }));
}

// What is to be spent, by period, of the orders that the filter lets through.
function drawSpending() {
  const host = byId("later-chart");
  const values = data.periods.map(() => [0, 0]);
  const period = new Map(data.periods.map((day, t) => [day, t]));
  [data.tables.today, data.tables.later].forEach((source, which) => {
    const column = (name) => source.columns.find((one) => one.name === name);
    if (!source.rows) return;
    const [placed, money] = [column("order_period"), column("value")];
    for (let row = 0; row < source.rows; row++) {
      const t = period.get(placed.texts[placed.values[row]]);
      if (t !== undefined && passes((dimension) => column(dimension)?.values[row])) values[t][which] += money.values[row];
    }
  });
  const largest = Math.max(...values.map(total));
  if (!largest) return host.replaceChildren();
  const width = Math.max(280, host.clientWidth);
  const most = values.findIndex((pair) => total(pair) === largest);
  const svg = picture(width, 196, `Value of orders by ${data.period} in which they are placed: ${money(total(values.flat()))} in all, most in the ${periodName(most)}, ${money(largest)}.`);
  const panel = new Panel(svg, { left: 52, right: width - 6, top: 12, height: 140, low: 0, high: largest, count: values.length, steps: 3 });
  panel.grid();
  panel.months(data.periods);
  values.forEach(([now, later], t) => {
    panel.bar("new", t, 0, now);
    panel.bar("open", t, now, now + later);
  });
  const { today, later } = data.tables;
  const cut = today.total + later.total - today.rows - later.rows;
  const which = cut ? `, without ${counted(cut, "order")} that ${cut === 1 ? "is" : "are"} not in this page` : "";
  host.replaceChildren(make("h3", {}, `Value of orders by ${data.period} [${currency}]${which}`), legend([["new", "to send now"], ["open", "planned"]]), svg);
}

function status() {
  const text = ["today", "later", "waiting"].map((name) => [name, grids.find((grid) => grid.source.total === data.tables[name].total && grid.host.id === `${name}-table`)]);
  const count = (name) => text.find(([which]) => which === name)[1]?.rows.length ?? 0;
  if (isFiltered()) say(`Shown: ${counted(count("today"), "order")} to send now, ${figure(count("later"), 0, 0)} for later, ${counted(count("waiting"), "line")} late or short.`);
  else say("");
}

function start() {
  readAddress();
  startFilters();
  choose();
  worklist();
  orderTables();
  waitingTable();
  grids.push(riskTable());
  follow(byId("stock-chart"), drawStock);
  follow(byId("later-chart"), drawSpending);
  drawStock();
  drawCosts();
  drawSpending();
  listeners.push(() => grids.forEach((grid) => grid.filter()), drawStock, drawCosts, drawSpending, status);
  changed();
  document.querySelectorAll("nav a, .figures a, .skip").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(link.getAttribute("href").slice(1));
  }));
  // On paper: all that is to be done today, and of the other tables what is in sight.
  const print = (printing) => () => {
    Grid.printing = printing;
    grids.forEach((grid) => grid.draw());
  };
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
}

start();
