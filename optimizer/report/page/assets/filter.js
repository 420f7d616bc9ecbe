// Filter: which items, suppliers and customers are shown. The address keeps it, so a view can be kept and sent.
//
// A text chooses the id that it is, or else all whose id or description it is part of. A row that names no supplier (or
// customer) is shown where its item is bought from one (or asked for by one) that is chosen.

const DIMENSIONS = ["item", "supplier", "customer"];
const state = { item: "", supplier: "", customer: "", show: "" };
const listeners = [];
let chosen = {}; // by dimension, the codes that are chosen; absent where all are
let itemsOf = {}; // by supplier and customer, the items that have to do with those chosen

function matching(dimension, text) {
  const names = data.names[dimension];
  const exact = names.indexOf(text);
  if (exact >= 0) return new Set([exact]);
  const part = text.toLowerCase();
  const about = dimension === "item" ? data.about : [];
  const found = new Set();
  names.forEach((name, code) => {
    if (name.toLowerCase().includes(part) || (about[code] || "").toLowerCase().includes(part)) found.add(code);
  });
  return found;
}

function choose() {
  chosen = {};
  itemsOf = {};
  for (const dimension of DIMENSIONS) {
    if (!state[dimension]) continue;
    const codes = matching(dimension, state[dimension]);
    chosen[dimension] = codes;
    if (dimension === "item") continue;
    itemsOf[dimension] = new Set();
    data.related[dimension].forEach((others, item) => {
      if (others.some((other) => codes.has(other))) itemsOf[dimension].add(item);
    });
  }
}

// Whether a row is shown; `codeOf` gives its code in a dimension: -1 where it names none, undefined where it cannot.
function passes(codeOf) {
  for (const dimension of DIMENSIONS) {
    const codes = chosen[dimension];
    if (!codes) continue;
    const code = codeOf(dimension);
    if (code !== undefined && code >= 0) {
      if (!codes.has(code)) return false;
    } else {
      const item = dimension === "item" ? undefined : codeOf("item");
      if (item === undefined || item < 0 || !itemsOf[dimension].has(item)) return false;
    }
  }
  return true;
}

const isFiltered = () => DIMENSIONS.some((dimension) => state[dimension]);

function readAddress() {
  const asked = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  for (const name of Object.keys(state)) state[name] = asked.get(name) || "";
}

function writeAddress() {
  const kept = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) if (value) kept.set(name, value);
  history.replaceState(null, "", `#${kept}`);
}

const field = (dimension) => byId("filters").querySelector(`[name="${dimension}"]`);

function changed() {
  choose();
  for (const dimension of DIMENSIONS) {
    if (field(dimension).value !== state[dimension]) field(dimension).value = state[dimension];
  }
  byId("clear").hidden = !isFiltered();
  document.body.classList.toggle("filtered", isFiltered());
  for (const listener of listeners) listener();
}

function setState(changes) {
  Object.assign(state, changes);
  writeAddress();
  changed();
}

function startFilters() {
  const form = byId("filters");
  for (const dimension of DIMENSIONS) {
    const about = dimension === "item" ? data.about : [];
    const options = data.names[dimension].slice(0, 2000);
    byId(`${dimension}s`).append(...options.map((name, code) => make("option", { value: name, label: about[code] || null })));
  }
  byId("fold").open = innerWidth > 640 || isFiltered();
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => setState(Object.fromEntries(DIMENSIONS.map((name) => [name, field(name).value]))), 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    setState({ item: "", supplier: "", customer: "" });
    field("item").focus();
  });
  addEventListener("hashchange", () => {
    if (location.hash.includes("=")) {
      readAddress();
      changed();
    }
  });
}
