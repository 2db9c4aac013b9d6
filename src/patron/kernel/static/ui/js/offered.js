// Forms in which fields come and go with others: <form data-offered=url data-record=id?>. After a change its values are POSTed to url, which
// answers {"off": [names]}. Fields [data-own=name] on that list are hidden and not sent, all others are there. The server decides on save.
import { request } from "./net.js";

const waiting = new WeakMap();

function show(form, off) {
  for (const field of form.querySelectorAll("[data-own]")) {
    const name = field.dataset.own;
    field.hidden = off.includes(name);
    for (const input of form.querySelectorAll(`[data-own="${name}"] :is(input, select, textarea), [name="has-${name}"]`)) input.disabled = field.hidden;
  }
}

async function ask(form) {
  const body = new FormData(form);
  for (const input of form.querySelectorAll("[data-own][hidden] [name]")) body.delete(input.name);
  for (const [name, value] of [...body]) if (value instanceof File) body.set(name, value.name); // that there is one is enough
  body.set("_record", form.dataset.record ?? "");
  const answer = await request(form.dataset.offered, { method: "POST", body });
  if (answer.ok && form.isConnected) show(form, JSON.parse(answer.text).off);
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => {
    const form = target.closest?.("form[data-offered]");
    if (!form) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(ask, name === "change" ? 50 : 350, form));
  });
}
