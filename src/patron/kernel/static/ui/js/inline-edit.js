// Inline edit. An element with data-edit=url: a cell by double click, or E in the focused row; a button (.editable) by click; around links
// by a click on the pencil in it (data-edit-here), which leads to the whole form without script.
// GET url answers ui/_inline_edit.html (a form with one control); its POST to the same url answers
//   200 the new inner HTML of the element   422 the form again   409 ui/_conflict.html, shown in the dialog
// Enter saves, Esc cancels, "Saved" stays two seconds (its words are data-saved on #toasts).
import { show } from "./dialog.js";
import { emit, request, typing, words } from "./net.js";

const rest = new WeakMap();

async function edit(element) {
  if (element.classList.contains("editing") || element.ariaBusy === "true") return;
  element.ariaBusy = "true";
  const answer = await request(element.dataset.edit);
  element.ariaBusy = null;
  if (!answer.ok) return emit("toast", { text: words(answer), tone: "bad" });
  let place = element;
  if (element.matches("button")) {
    place = document.createElement("div");
    place.dataset.edit = element.dataset.edit;
    element.replaceWith(place);
    rest.set(place, [element]);
  } else rest.set(place, [...place.childNodes]);
  fill(place, answer.text);
}

function fill(place, html) {
  place.classList.add("editing");
  place.innerHTML = html;
  emit("added", { root: place });
  const control = place.querySelector("[aria-invalid], input:not([type=hidden]), select, textarea");
  control?.focus();
  control?.select?.();
}

function restore(place, html) {
  const before = rest.get(place);
  const button = before[0] instanceof Element && before[0].matches("button[data-edit]") ? before[0] : null;
  place.classList.remove("editing");
  if (button) {
    if (html !== undefined) button.innerHTML = html;
    place.replaceWith(button);
    button.focus();
  } else if (html === undefined) place.replaceChildren(...before);
  else {
    place.innerHTML = html;
    place.append(...before.filter((node) => node.matches?.("[data-edit-here]")));
  }
  const row = place.closest("tr");
  if (!button) (row?.querySelector("th a") ?? place).focus();
  return button ?? place;
}

async function save(form, place) {
  const answer = await request(form.getAttribute("action") || place.dataset.edit, { method: "POST", body: new FormData(form) });
  if (answer.status === 422) return fill(place, answer.text);
  if (answer.status === 409) {
    restore(place);
    return show(answer.text, place.dataset.edit);
  }
  if (!answer.ok) return emit("toast", { text: words(answer), tone: "bad" });
  const done = restore(place, answer.text);
  const saved = Object.assign(document.createElement("span"), { className: "act is-good", role: "status" });
  saved.textContent = document.getElementById("toasts")?.dataset.saved ?? "✓";
  if (done.matches("button")) done.after(saved);
  else done.append(saved);
  setTimeout(() => saved.remove(), 2000);
}

document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest?.("td[data-edit]");
  if (cell && !event.target.closest("a, button, input")) edit(cell);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-edit]");
  if (button) edit(button);
  const pencil = event.target.closest?.("[data-edit-here]");
  if (pencil && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    edit(pencil.closest("[data-edit]"));
  }
  const cancel = event.target.closest?.(".editing [data-cancel]");
  if (cancel) restore(cancel.closest(".editing"));
});
document.addEventListener("submit", (event) => {
  const place = event.target.closest(".editing");
  if (!place) return;
  event.preventDefault();
  save(event.target, place);
});
document.addEventListener("keydown", (event) => {
  const place = event.target.closest?.(".editing");
  if (place && event.key === "Escape" && !event.defaultPrevented) return restore(place);
  if (event.key.toLowerCase() !== "e" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const cell = event.target.closest?.("tr")?.querySelector("[data-edit]");
  if (!cell || document.querySelector("[data-bulk]")?.checkVisibility() || document.documentElement.dataset.singleKeys === "off") return;
  event.preventDefault();
  edit(cell);
});
