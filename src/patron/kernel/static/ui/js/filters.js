// Filter builder: <form data-filter-builder data-fields=JSON>, or an element in a form, with [data-root] and the templates of filters.html. It
// reads and writes the hidden [data-tree] in the language of the lists: {"and": [node, …]}, {"or": [node, …]} or a condition [field, op, value].
// What it cannot show (a "not", a filter inside a collection) is kept as it is. Sent as a GET of the list, or posted. data-none: starts empty.
// data-fields: [{name, label, ops: [{value, label, input: text|number|date|choice|period|two|none}], options: [[value, label]]}]
const known = new WeakMap();
const isGroup = (node) => node && !Array.isArray(node) && (node.and || node.or);

class Builder {
  constructor(form) {
    this.form = form;
    this.fields = JSON.parse(form.dataset.fields);
    [this.root, this.tree] = [form.querySelector("[data-root]"), form.querySelector("[data-tree]")];
    let tree = {};
    try { tree = JSON.parse(this.tree.value || "{}"); } catch { /* a hand-written address: begin anew */ }
    this.root.replaceChildren(this.group(isGroup(tree) ? tree : { and: Array.isArray(tree) && tree.length ? [tree] : [] }));
    this.root.querySelector("[data-remove]")?.remove();
    if (!("none" in form.dataset) && !this.root.querySelector(".parts").children.length) this.root.querySelector(".parts").append(this.condition([]));
    form.addEventListener("click", (event) => this.click(event));
    form.addEventListener("change", (event) => this.change(event));
  }
  part(name) {
    return this.form.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
  }
  group(tree) {
    const element = this.part("group");
    const match = tree.or ? "or" : "and";
    element.querySelector("[data-match]").value = match;
    element.querySelector(".parts").append(...tree[match].map((node) => this.node(node)));
    return element;
  }
  node(node) {
    if (isGroup(node)) return this.group(node);
    const fits = Array.isArray(node) && this.fields.some((f) => f.name === node[0]) && (typeof node[2] !== "object" || Array.isArray(node[2]) || node[2] === null);
    if (fits) return this.condition(node);
    const kept = Object.assign(document.createElement("p"), { className: "condition kept", textContent: JSON.stringify(node) });
    kept.dataset.raw = JSON.stringify(node);
    return kept;
  }
  condition([field, op, value]) {
    const element = this.part("condition");
    fill(element.querySelector("[data-field]"), this.fields.map((one) => [one.name, one.label]), [field]);
    this.operators(element, op, value);
    return element;
  }
  field(element) {
    return this.fields.find((one) => one.name === element.querySelector("[data-field]").value);
  }
  operators(element, op, value) {
    fill(element.querySelector("[data-op]"), this.field(element).ops.map((one) => [one.value, one.label]), [op]);
    this.value(element, value);
  }
  value(element, value) {
    const field = this.field(element);
    const { input } = field.ops.find((one) => one.value === element.querySelector("[data-op]").value);
    const values = value == null ? [] : [value].flat();
    const controls = [];
    const count = { none: 0, two: 2 }[input] ?? 1;
    for (let i = 0; i < count; i++) controls.push(this.control(field, input, values, i));
    element.querySelector(".value").replaceChildren(...controls);
  }
  control(field, input, values, i) {
    const list = ["choice", "period"].includes(input);
    const control = this.part(list ? "choice" : "value");
    const date = input === "date" || (input === "two" && field.ops.some((one) => one.input === "date"));
    if (list) fill(control, field.options, values);
    else Object.assign(control, { type: date ? "date" : "text", inputMode: input === "number" ? "decimal" : "", value: values[i] ?? "" });
    if (input === "choice" && field.options.length > 2) control.multiple = values.length > 1;
    return control;
  }
  click(event) {
    const adds = event.target.closest("[data-add]");
    const parts = adds?.closest(".filter-group").querySelector(".parts");
    if (adds) parts.append(adds.dataset.add === "group" ? this.group({ or: [[], []] }) : this.condition([]));
    parts?.lastElementChild.querySelector("[data-field]").focus();
    event.target.closest("[data-remove]")?.closest(".condition, .filter-group").remove();
    if (event.target.closest("[data-clear]")) this.root.querySelector(".parts").replaceChildren(this.condition([]));
  }
  change(event) {
    const element = event.target.closest(".condition");
    if (event.target.matches("[data-field]")) this.operators(element);
    if (event.target.matches("[data-op]")) this.value(element, read(element)[2]);
  }
  read(group) {
    const nodes = [...group.querySelector(".parts").children].map((part) => (part.dataset.raw ? JSON.parse(part.dataset.raw) : part.matches(".condition") ? read(part) : this.read(part)));
    return { [group.querySelector("[data-match]").value]: nodes.filter((node) => (isGroup(node) ? Object.values(node)[0].length : !Array.isArray(node) || node.complete !== false)) };
  }
  write(nothing = "") {
    const tree = this.read(this.root.firstElementChild);
    this.tree.value = Object.values(tree)[0].length ? JSON.stringify(tree) : nothing;
  }
}

function read(element) {
  const controls = [...element.querySelectorAll("[data-value]")];
  const values = controls.flatMap((one) => (one.multiple ? [...one.selectedOptions].map((option) => option.value) : [one.value]));
  const node = [element.querySelector("[data-field]").value, element.querySelector("[data-op]").value];
  if (controls.length) node.push(values.length === 1 ? values[0] : values);
  if (values.some((value) => !value)) node.complete = false;
  return node;
}

function fill(select, pairs, values) {
  select.replaceChildren(...pairs.map(([key, label]) => new Option(label, key, false, values.map(String).includes(String(key)))));
}

function bind() {
  for (const form of document.querySelectorAll("[data-filter-builder]")) {
    if (!known.has(form)) known.set(form, new Builder(form)) && form.closest("dialog[open]")?.querySelector("[data-field]")?.focus();
  }
}
new MutationObserver(bind).observe(document.documentElement, { childList: true, subtree: true });
bind();

document.addEventListener("submit", ({ target }) => {
  if (target.method === "post") for (const one of target.querySelectorAll("[data-filter-builder]")) known.get(one)?.write();
  if (target.method !== "get" || !target.matches("[data-filter], [data-filter-builder], [role=search]")) return;
  known.get(target)?.write(target.querySelector("[name=view]") ? "{}" : "");
  for (const input of target.querySelectorAll("input, select")) if (!input.value) input.disabled = true;
}, true);
