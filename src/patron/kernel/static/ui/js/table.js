// Lists. <table data-table> with rows <tr data-id data-href>; in .sel a checkbox name=ids form=bulk (row_check).
// J and K move, X ticks, Shift-X and Shift-click tick a range, Enter opens (the focused link), Space previews the record in the
// drawer (data-href with ?preview=1). The head's [data-select-page] ticks the page; then [data-select-all] offers all that match: it switches on the hidden
// all=1, so the verb's address gets ?all=1&<the list's own parameters> instead of ?ids=…&ids=…
import { openDialog } from "./dialog.js";
import { typing } from "./net.js";

const boxes = (table) => [...table.querySelectorAll("tbody .sel input")];
const rows = (table) => [...table.querySelectorAll("tbody tr[data-id]")];
let last;

function update(table) {
  const all = boxes(table);
  const ticked = all.filter((box) => box.checked).length;
  const page = table.querySelector("[data-select-page]");
  if (page) {
    page.checked = ticked > 0 && ticked === all.length;
    page.indeterminate = ticked > 0 && ticked < all.length;
  }
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  bar.querySelector("[data-count]").textContent = ticked;
  const offer = bar.querySelector("[data-select-all]");
  if (offer) offer.hidden = ticked < all.length;
  bar.querySelector("[data-all]").disabled = true;
}

function range(table, box) {
  const all = boxes(table);
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from >= 0) for (const one of all.slice(from, to + 1)) one.checked = box.checked;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("tbody .sel input");
  const table = box?.closest("[data-table]");
  if (table) {
    if (event.shiftKey) range(table, box);
    last = box;
    update(table);
  }
  const all = event.target.closest?.("[data-select-all]");
  if (!all) return;
  all.hidden = true;
  all.form.querySelector("[data-all]").disabled = false;
  all.form.querySelector("[data-count]").textContent = all.dataset.total ?? all.textContent.match(/\d[\d.,\s]*/)?.[0].trim() ?? "";
});
document.addEventListener("change", (event) => {
  const table = event.target.matches("[data-select-page]") && event.target.closest("[data-table]");
  if (!table) return;
  for (const box of boxes(table)) box.checked = event.target.checked;
  update(table);
});
document.addEventListener("reset", (event) => {
  if (event.target.matches("[data-bulk]")) setTimeout(() => document.querySelectorAll("[data-table]").forEach(update));
});
document.addEventListener("refreshed", () => document.querySelectorAll("[data-table]").forEach(update));

function focusRow(table, step) {
  const all = rows(table);
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[at < 0 ? 0 : Math.max(0, Math.min(at + step, all.length - 1))];
  (row?.querySelector("th a") ?? row?.querySelector("a, button, input"))?.focus();
}

document.addEventListener("keydown", (event) => {
  const table = document.querySelector("[data-table]");
  if (!table || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (document.documentElement.dataset.singleKeys === "off") return;
  const row = document.activeElement.closest?.("[data-table] tbody tr");
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") focusRow(table, key === "j" ? 1 : -1);
  if (key === "x" && row) {
    const box = row.querySelector(".sel input");
    box.checked = !box.checked;
    if (event.shiftKey) range(table, box);
    last = box;
    update(table);
  }
  if (key === " " && row?.dataset.href && row.querySelector("th a") && !event.target.matches("input, button")) {
    event.preventDefault();
    openDialog(`${row.dataset.href}?preview=1`, "drawer");
  }
  if (key === "escape" && !document.querySelector(":popover-open:not(#toasts)")) document.querySelector("[data-bulk]")?.reset();
});

document.querySelectorAll("[data-table]").forEach(update);
