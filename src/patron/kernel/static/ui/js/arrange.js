// Arranging a dashboard: <form> with <ol data-arrange> of <li data-id> that hold <input name="tile"> in order, a [data-grip] and
// <select data-save>. Dragging or choosing a width POSTs the form to its own address: 204 saved, with the event "seen" for the hidden input of
// that name; else the server's words as a toast, and the form as the server has it.
// By keyboard and without script the buttons of each tile do the same.
import { emit, request, words } from "./net.js";

async function save(form) {
  const answer = await request(form.action || location.href, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.ok) return;
  emit("toast", { text: words(answer), tone: "bad" });
  const now = new DOMParser().parseFromString(answer.text, "text/html").querySelector("[data-arrange]")?.closest("form");
  if (!now) return;
  form.replaceWith(document.adoptNode(now));
  bind();
}

document.addEventListener("seen", ({ detail }) => {
  const input = document.querySelector("[data-arrange]")?.closest("form").elements.seen;
  if (input) input.value = detail.value;
});
document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-arrange] [data-save]")) save(target.form);
});

function drag(list) {
  globalThis.Sortable.create(list, { handle: "[data-grip]", animation: 120, onEnd: () => save(list.closest("form")) });
}

function bind() {
  const list = document.querySelector("[data-arrange]:not([data-bound])");
  const source = document.querySelector('meta[name="sortable"]')?.content;
  if (!list || !source) return;
  list.dataset.bound = "";
  if (globalThis.Sortable) return drag(list);
  document.head.append(Object.assign(document.createElement("script"), { src: source, onload: () => drag(list) }));
}
document.addEventListener("refreshed", bind);
bind();
