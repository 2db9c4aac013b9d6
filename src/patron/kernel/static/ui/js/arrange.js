// Arranging a dashboard: <form> with <ol data-arrange> of <li data-id> that hold <input name="tile"> in order, a [data-grip] and
// <select data-save>. Dragging or choosing a width POSTs the form to its own address: 204 saved; else the server's words as a toast.
// By keyboard and without script the buttons of each tile do the same.
import { emit, request, words } from "./net.js";

async function save(form) {
  const answer = await request(form.action || location.href, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) emit("toast", { text: words(answer), tone: "bad" });
}

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
