// Format: numbers and names as a planner reads them, and elements made of texts alone.

const data = JSON.parse(document.getElementById("data").textContent);
const currency = data.currency;
const formats = new Map();

function figure(value, least, most) {
  const key = `${least} ${most}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat("en", { minimumFractionDigits: least, maximumFractionDigits: most }));
  }
  const shown = formats.get(key).format(value);
  return /[1-9]/.test(shown) ? shown.replace("-", "\u2212") : shown.replace("-", "");
}

// Two decimals, or none from 1,000 on and for whole numbers.
const amount = (value) => (Math.abs(value) >= 1000 || Number.isInteger(value) ? figure(value, 0, 0) : figure(value, 2, 2));
const money = (value) => `${amount(value)} ${currency}`;
const share = (value) => `${figure(100 * value, 1, Math.abs(value) < 0.01 ? 2 : 1)}%`;
const counted = (count, thing, things) => `${figure(count, 0, 0)} ${count === 1 ? thing : things || `${thing}s`}`;
const words = (name) => name.replaceAll("_", " ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// How a column of numbers is written: all with as many decimals, so that they stand one below the other.
function numberFormat(kind, values) {
  let largest = 0;
  let whole = true;
  for (const value of values) {
    if (value === null) continue;
    largest = Math.max(largest, Math.abs(value));
    whole &&= Number.isInteger(value);
  }
  if (kind === "share") return share;
  if (kind === "price") return (value) => figure(value, 2, 4);
  if (whole || largest >= 10000) return (value) => figure(value, 0, 0);
  if (kind === "money") return (value) => figure(value, 2, 2);
  return (value) => figure(value, 0, 2);
}

// An element. `properties` are attributes, but for those that begin with "on"; children are elements or texts.
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function drawn(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const byId = (id) => document.getElementById(id);
const total = (values) => values.reduce((sum, value) => sum + (value || 0), 0);
