// Search and commands, Ctrl-K. Asks GET data-palette?q=… (120 ms after the last key) and shows the answer, made by
// ui/_palette_results.html: [role=option] with data-href; data-opens-dialog opens it in the dialog; data-actions is the
// address of the actions of that record, loaded by Tab. A leading ">" asks for commands only: the server sees it in q.
import { openDialog } from "./dialog.js";
import { request } from "./net.js";

const palette = document.getElementById("palette");
const input = palette?.querySelector("[role=combobox]");
const list = palette?.querySelector("[role=listbox]");
let timer, running;

const options = () => [...list.querySelectorAll("[role=option]")];
const selected = () => list.querySelector('[aria-selected="true"]');

function select(option) {
  selected()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

async function load(url) {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await request(url, { signal: running.signal });
    if (!answer.ok) return;
    list.innerHTML = answer.text;
    list.scrollTop = 0;
    palette.querySelector("[data-result-count]").textContent = options().length;
    select(options()[0]);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

function search() {
  const url = new URL(palette.dataset.palette, location.href);
  url.searchParams.set("q", input.value);
  return load(url);
}

function choose(option, newTab) {
  if (!option?.dataset.href) return;
  palette.close();
  if ("opensDialog" in option.dataset) openDialog(option.dataset.href);
  else if (newTab) window.open(option.dataset.href, "_blank", "noopener");
  else location.assign(option.dataset.href);
}

function move(event) {
  const all = options();
  const at = all.indexOf(selected());
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 5, PageUp: at - 5 }[event.key];
  if (to === undefined || !all.length) return;
  event.preventDefault();
  select(event.key.startsWith("Page") ? all[Math.max(0, Math.min(to, all.length - 1))] : all.at(to % all.length));
}

function keydown(event) {
  if (event.isComposing) return;
  move(event);
  if (event.key === "Tab" && !event.shiftKey && selected()?.dataset.actions) {
    event.preventDefault();
    load(selected().dataset.actions);
  }
}

if (palette) {
  palette.addEventListener("opened", () => {
    input.select();
    search();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  });
  input.addEventListener("keydown", keydown);
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(selected(), false);
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== selected()) select(option);
  });
  list.addEventListener("click", (event) => choose(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
}
