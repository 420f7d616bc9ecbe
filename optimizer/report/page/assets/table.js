// Table: rows that can be sorted, grouped, paged and filtered.

const PAGE = 20; // rows or groups at a time, unless the table says otherwise
const FOLDED = 50; // rows from which on groups are folded

class Grid {
  static printing = false;

  // `source`: a table as optimizer/report/page/embed.py makes it. `options`: caption; hidden: columns not shown; titles and
  // cells by column, (row, grid) → element or text; sort: [column, descending]; keep(row); tools(grid) → elements;
  // most: rows or groups at a time; printed: so many on paper; blank: columns in which a 0 is not written; group: a column by which rows are put together (apart: only when asked); money: the column that is summed up; about(group) → text.
  // Roles are said again: a narrow window shows rows as blocks, and then a browser takes them for no table any more.
  constructor(host, source, options) {
    Object.assign(this, { host, source, options, page: 0, open: new Set(), most: options.most || PAGE });
    this.columns = new Map(source.columns.map((column) => [column.name, column]));
    const hidden = new Set([...(options.hidden || []), ...this.empty()]);
    this.shown = source.columns.filter((column) => !hidden.has(column.name));
    for (const column of this.shown) if (!column.texts && !(column.kind in data.names)) column.format = numberFormat(column.kind, column.values);
    this.sort = options.sort || null;
    this.grouped = Boolean(options.group) && !options.apart;
    this.filter();
  }

  // Columns without a single entry.
  empty() {
    const none = (column) => (column.texts ? column.texts.every((text) => !text) : column.values.every((value) => value === null || (column.kind in data.names && value < 0)));
    return this.source.rows ? this.source.columns.filter(none).map((column) => column.name) : [];
  }

  text(column, row) {
    const value = column.values[row];
    if (column.texts) return column.texts[value];
    if (column.kind in data.names) return value < 0 ? "" : data.names[column.kind][value];
    return value === null || (value === 0 && this.options.blank?.includes(column.name)) ? "" : column.format(value);
  }

  key(column, row) {
    return column.texts || column.kind in data.names ? this.text(column, row) : (column.values[row] ?? -Infinity);
  }

  filter() {
    const codes = (row) => (dimension) => this.columns.get(dimension)?.values[row];
    this.rows = [];
    for (let row = 0; row < this.source.rows; row++) {
      if (passes(codes(row)) && (!this.options.keep || this.options.keep(row))) this.rows.push(row);
    }
    this.page = 0;
    this.order();
    this.draw();
  }

  order() {
    const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    if (this.sort) {
      const [name, descending] = this.sort;
      const column = this.columns.get(name);
      this.rows.sort((a, b) => (descending ? -1 : 1) * compare(this.key(column, a), this.key(column, b)) || a - b);
    }
    this.groups = [];
    if (!this.grouped) return;
    const column = this.columns.get(this.options.group);
    const money = this.columns.get(this.options.money);
    const found = new Map();
    for (const row of this.rows) {
      const name = this.text(column, row);
      if (!found.has(name)) found.set(name, { name, rows: [], money: 0 });
      const group = found.get(name);
      group.rows.push(row);
      group.money += money.values[row] || 0;
    }
    this.groups = [...found.values()].sort((a, b) => b.money - a.money);
  }

  draw() {
    const most = (Grid.printing && this.options.printed) || this.most;
    const all = Grid.printing && most >= this.rows.length;
    const { caption } = this.options;
    const several = this.grouped ? this.groups.length : this.rows.length;
    const first = all ? 0 : this.page * most;
    const last = all ? several : Math.min(several, first + most);
    const table = make("table", { role: "table" }, make("caption", { class: "hidden" }, caption), this.head());
    if (this.grouped) table.append(...this.groups.slice(first, last).map((group) => this.block(group, all)));
    else table.append(make("tbody", { role: "rowgroup" }, ...this.rows.slice(first, last).flatMap((row) => this.lines(row, all))));
    const parts = [this.tools(), make("div", { class: "scroll" }, table)];
    if (!this.rows.length) parts[1] = make("p", { class: "quiet" }, isFiltered() ? "Nothing that the filter lets through." : "Nothing.");
    if (several > most && !all) parts.push(this.pager(first, last, several));
    this.host.replaceChildren(...parts);
  }

  tools() {
    const { source, options } = this;
    const parts = [];
    if (source.total > source.rows) parts.push(make("p", { class: "notice" }, `Only the first ${figure(source.rows, 0, 0)} of ${figure(source.total, 0, 0)} rows are in this page; all are in ${source.source}.`));
    if (options.group && this.rows.length) {
      const box = make("input", { type: "checkbox", checked: this.grouped, onchange: (event) => this.change(() => (this.grouped = event.target.checked)) });
      parts.push(make("label", { class: "choice" }, box, `by ${options.group}`));
    }
    return make("div", { class: "tools" }, ...parts, ...(options.tools ? options.tools(this) : []));
  }

  head() {
    const cells = this.shown.map((column) => {
      const sorted = this.sort && this.sort[0] === column.name ? (this.sort[1] ? "descending" : "ascending") : null;
      const name = this.options.titles?.[column.name] || words(column.name);
      const click = () => this.change(() => (this.sort = [column.name, sorted ? sorted === "ascending" : Boolean(column.format)]), column.name);
      const button = make("button", { type: "button", title: column.note, "data-column": column.name, onclick: click }, name);
      // A browser does not print a button again where a table goes on on the next page.
      return make("th", { role: "columnheader", scope: "col", "aria-sort": sorted, class: column.format ? "number" : null }, Grid.printing ? make("span", { class: "quiet" }, name) : button);
    });
    return make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...cells));
  }

  // Draw again, and leave the focus where it was.
  change(act, column) {
    act();
    this.page = 0;
    this.order();
    this.draw();
    if (column) this.host.querySelector(`[data-column="${column}"]`).focus();
    else this.host.querySelector("input")?.focus();
  }

  block(group, all) {
    const folded = !all && this.rows.length > FOLDED && !this.open.has(group.name);
    const toggle = () => {
      if (folded) this.open.add(group.name);
      else this.open.delete(group.name);
      if (this.rows.length <= FOLDED) return;
      this.draw();
      this.host.querySelectorAll("tbody button.fold").forEach((button) => button.dataset.group === group.name && button.focus());
    };
    const name = this.rows.length > FOLDED ? make("button", { type: "button", class: "fold", "aria-expanded": String(!folded), "data-group": group.name, onclick: toggle }, group.name || "none") : group.name || "none";
    const more = this.options.about ? ` ${this.options.about(group)}` : "";
    const head = make("tr", { role: "row", class: "group" }, make("th", { role: "rowheader", scope: "rowgroup", colspan: Math.max(1, this.shown.length - 1) }, name, make("small", {}, `${counted(group.rows.length, "line")}${more}`)), make("td", { role: "cell", class: "number" }, make("strong", {}, money(group.money))));
    return make("tbody", { role: "rowgroup" }, head, ...(folded ? [] : group.rows.flatMap((row) => this.lines(row, all))));
  }

  lines(row, all) {
    const cells = this.shown.map((column, place) => {
      const special = this.options.cells?.[column.name];
      const text = this.text(column, row);
      const content = !text && this.options.blank?.includes(column.name) ? "" : special ? special(row, this) : column.kind === "item" ? itemCell(column.values[row]) : text;
      const label = this.options.titles?.[column.name] || words(column.name);
      const style = column.format ? "number" : column.kind === "date" ? "date" : null;
      return make(place ? "td" : "th", { role: place ? "cell" : "rowheader", scope: place ? null : "row", class: style, "data-label": label }, content);
    });
    return [make("tr", { role: "row" }, ...cells)];
  }

  pager(first, last, several) {
    const go = (step) => () => {
      this.page += step;
      this.draw();
      this.host.scrollIntoView({ block: "start" });
      this.host.querySelector(step < 0 ? ".pager button" : ".pager button:last-child")?.focus();
    };
    const thing = this.grouped ? `${this.options.group}s` : "rows";
    return make("div", { class: "pager", role: "group", "aria-label": `Pages of: ${this.options.caption}` },
      make("button", { type: "button", disabled: first === 0, onclick: go(-1) }, "Earlier"),
      make("span", {}, `${figure(first + 1, 0, 0)}\u2013${figure(last, 0, 0)} of ${figure(several, 0, 0)} ${thing}`),
      make("button", { type: "button", disabled: last >= several, onclick: go(1) }, "More"));
  }
}

// An item's id, which leads to its stock, and what it is.
function itemCell(code) {
  const id = data.names.item[code] ?? "";
  const link = make("a", { href: "#stock", onclick: (event) => { event.preventDefault(); showItem(code); } }, id || "\u2014");
  return make("span", { class: "item" }, link, make("small", {}, data.about[code] || ""));
}
