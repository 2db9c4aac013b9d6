// Settings. [data-hue]: radios that show the workspace's colour at once. [data-copy=id]: puts a field's text on the clipboard and says
// [data-said]. form[data-now] is sent by each choice. The strip of sections on a phone starts at the present one.

const say = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-now] select, [data-now] [type=date]")) target.form.requestSubmit();
  if (target.closest("[data-look]")) document.documentElement.dataset[target.name] = target.value;
  if (target.closest("[data-hue]")) document.documentElement.style.setProperty("--hue", target.value);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
  say(button.dataset.said);
});

const strip = document.querySelector(".settings > nav");
const current = strip?.querySelector("[aria-current]");
if (current) strip.scrollLeft = current.offsetLeft - strip.clientWidth / 2 + current.clientWidth / 2;

// [data-reorder=url]: its children are dragged by .grab; their data-id are POSTed as ids, in the order before as seen. The buttons beside do the same
// without a mouse.
const order = (list) => [...list.children].map((child) => child.dataset.id);

async function arranged(list, seen) {
  const body = new URLSearchParams([...order(list).map((id) => ["ids", id]), ...seen.map((id) => ["seen", id])]);
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  const answer = await fetch(list.dataset.reorder, { method: "POST", body, headers, credentials: "same-origin" }).catch(() => null);
  const triggers = JSON.parse(answer?.headers.get("HX-Trigger") ?? "{}");
  for (const [name, detail] of Object.entries(triggers)) document.dispatchEvent(new CustomEvent(name, { detail }));
  if (!answer?.ok) document.dispatchEvent(new CustomEvent("refresh", { detail: {} }));
}

function draggable() {
  for (const list of document.querySelectorAll("[data-reorder]")) {
    if (Sortable.get(list)) continue;
    const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120;
    let seen = [];
    const onStart = () => (seen = order(list));
    Sortable.create(list, { handle: ".grab", animation, ghostClass: "ghost", onStart, onEnd: ({ oldIndex, newIndex }) => oldIndex !== newIndex && arranged(list, seen) });
  }
}

const source = document.querySelector('meta[name="sortable"]')?.content;
if (source && document.querySelector("[data-reorder]")) {
  if (globalThis.Sortable) draggable();
  else document.head.append(Object.assign(document.createElement("script"), { src: source, onload: draggable }));
  document.addEventListener("refreshed", () => globalThis.Sortable && draggable());
}

// The permission matrix, form[data-matrix]. A row without its tick follows the row "*"; choosing something in it ticks it, taking the
// tick away brings the values of "*" back. Rights that only one type has stand in rows of their own below it. Cells that differ from what is saved are marked.
const matrix = document.querySelector("[data-matrix]");
const cells = (row) => [...matrix.querySelectorAll(`[data-row="${row.dataset.row}"] select, [data-more="${row.dataset.row}"] select`)];
const tick = (row) => row.querySelector('[name^="own-"]');
const ACTION = /:(\w+)$/;

function follow(row) {
  for (const cell of cells(row)) {
    const wanted = matrix.elements[`*:${ACTION.exec(cell.name)[1]}`]?.value ?? "";
    cell.value = [...cell.options].some((option) => option.value === wanted) ? wanted : "";
  }
}

function mark(row) {
  for (const cell of cells(row)) {
    const saved = [...cell.options].find((option) => option.defaultSelected)?.value ?? "";
    cell.closest("td").classList.toggle("changed", cell.value !== saved);
  }
}

matrix?.addEventListener("change", ({ target }) => {
  const more = target.closest("[data-more]");
  const row = more ? matrix.querySelector(`[data-row="${more.dataset.more}"]`) : target.closest("[data-row]");
  if (!row) return;
  const own = tick(row);
  if (own && target !== own) own.checked = true;
  if (own && !own.checked) follow(row);
  const all = [...matrix.querySelectorAll("[data-row]")];
  if (!own) for (const one of all) if (tick(one) && !tick(one).checked) follow(one);
  all.forEach(mark);
});
