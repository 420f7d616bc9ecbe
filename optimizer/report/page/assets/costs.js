// Costs: a tree of the plan's money: accounts, then whom or what they are for, then items.

const costs = data.costs;
const TOP = 8;
const BELOW = ["supplier", "customer", "item"];

function costRows() {
  const rows = [];
  for (let row = 0; row < costs.amount.length; row++) {
    if (passes((dimension) => costs[dimension]?.[row])) rows.push(row);
  }
  return rows;
}

// The parts of some rows, the largest first; `by` is a dimension.
function parts(rows, by) {
  const found = new Map();
  for (const row of rows) {
    const key = by === "account" ? costs.account[row] : costs[by][row];
    if (!found.has(key)) found.set(key, { key, rows: [], amount: 0 });
    const part = found.get(key);
    part.rows.push(row);
    part.amount += costs.amount[row];
  }
  return [...found.values()].sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount));
}

function nextOf(rows, used) {
  return BELOW.find((by) => !used.includes(by) && rows.some((row) => costs[by][row] >= 0));
}

function drawCosts() {
  const rows = costRows();
  const accounts = parts(rows, "account");
  const host = byId("costs-tree");
  if (!accounts.length) return host.replaceChildren(make("p", { class: "quiet" }, "Nothing that the filter lets through."));
  const largest = Math.max(...accounts.map((part) => Math.abs(part.amount)));
  const body = make("tbody");
  for (const part of accounts) body.append(costLine(body, part, capital(words(costs.accounts[part.key])), 0, [], largest, null));
  const sum = total(rows.map((row) => costs.amount[row]));
  const foot = make("tfoot", {}, make("tr", {}, make("th", { scope: "row" }, "In all"), make("td", { class: "number", "data-label": currency }, amount(sum)), make("td", { class: "bars" })));
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "account"), make("th", { scope: "col", class: "number" }, currency), make("th", { scope: "col", class: "bars" }, make("span", { class: "hidden" }, "bar"))));
  const about = isFiltered() ? "Cost by account, of what the filter lets through" : "Cost by account; an account unfolds into whom and what it is for";
  host.replaceChildren(make("div", { class: "scroll" }, make("table", { class: "tree" }, make("caption", { class: "quiet" }, about), head, body, foot)));
}

function costLine(body, part, name, depth, used, largest) {
  const next = nextOf(part.rows, used);
  const line = make("tr", { class: `depth${depth}` });
  let below = [];
  const toggle = (event) => {
    const button = event.currentTarget;
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      below.forEach((row) => row.fold?.());
      below.forEach((row) => row.remove());
      below = [];
    } else {
      below = costLines(body, part, next, depth, used, largest);
      line.after(...below);
    }
  };
  line.fold = () => {
    below.forEach((row) => row.fold?.());
    below.forEach((row) => row.remove());
    below = [];
  };
  const label = next && depth < 2 ? make("button", { type: "button", class: "fold", "aria-expanded": "false", onclick: toggle }, name) : make("span", { class: "leaf" }, name);
  line.append(make("th", { scope: "row" }, label), make("td", { class: "number", "data-label": currency }, amount(part.amount)), make("td", { class: "bars" }, costBar(part.amount, largest)));
  return line;
}

function costLines(body, part, next, depth, used, largest) {
  const found = parts(part.rows, next);
  const lines = found.slice(0, TOP).map((one) => costLine(body, one, costName(next, one.key), depth + 1, [...used, next], largest));
  const rest = found.slice(TOP);
  if (rest.length) {
    const others = { rows: [], amount: total(rest.map((one) => one.amount)) };
    lines.push(costLine(body, others, `${figure(rest.length, 0, 0)} more`, depth + 1, BELOW, largest));
  }
  return lines;
}

function costName(by, key) {
  if (key < 0) return `no ${by}`;
  const about = by === "item" ? data.about[key] : "";
  return data.names[by][key] + (about ? ` \u2013 ${about}` : "");
}

function costBar(value, largest) {
  const svg = drawn("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(drawn("rect", { class: value < 0 ? "credit" : "cost", x: 0, y: 0, width: Math.max(0.3, (100 * Math.abs(value)) / largest).toFixed(2), height: 8 }));
  return svg;
}
