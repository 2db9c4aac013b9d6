// While someone types a new record: <form data-duplicates=url> asks GET url?<the form's values> 400 ms after the last key and
// puts the answer (ui/_duplicates.html, empty if nothing is alike) into its [data-duplicates-hint].
import { request } from "./net.js";

const waiting = new WeakMap();

async function ask(form) {
  const values = [...new FormData(form)].filter(([name, value]) => value && typeof value === "string" && name !== "csrfmiddlewaretoken");
  const hint = form.querySelector("[data-duplicates-hint]");
  if (!hint || !values.length) return hint?.replaceChildren();
  const answer = await request(`${form.dataset.duplicates}?${new URLSearchParams(values)}`);
  if (answer.ok && form.isConnected) hint.innerHTML = answer.text.trim();
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-duplicates]");
  if (!form) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(ask, 400, form));
});
