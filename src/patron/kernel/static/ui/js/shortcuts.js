// Keys of the whole page. Ctrl-K palette, ? help, / filter, G then a letter go to, Ctrl-Enter save. Any other single key
// presses the visible element with data-key="<key>" (N new, E edit, A assign, L log activity …).
// Esc leaves a field. Single keys do nothing while typing, under an open dialog, or with <html data-single-keys="off">.
import { typing } from "./net.js";

const PLACES = { i: "inbox", t: "tasks", a: "accounts", c: "contacts", d: "deals", l: "leads", q: "quotes" };
let going = 0;

const visible = (element) => element?.checkVisibility?.() ?? Boolean(element);
const press = (selector) => {
  const element = [...document.querySelectorAll(selector)].find(visible);
  element?.click();
  return Boolean(element);
};

function go(key) {
  const links = [...document.querySelectorAll("#sidebar li a")];
  const link = key === "h" ? links[0] : links.find((a) => a.pathname.split("/").includes(PLACES[key], 3));
  link?.click();
}

function single(key) {
  if (Date.now() - going < 1500) {
    going = 0;
    return go(key);
  }
  if (key === "g") return void (going = Date.now());
  if (key === "?") return press('[data-open="shortcuts"]');
  if (key === "/") return press(".chip.add, [data-filter-open]") || document.querySelector("input[type=search]")?.focus();
  if (/^[a-z]$/.test(key) && press(`[data-key="${key}"]`)) return true;
  if (key === "n") document.getElementById("create")?.showPopover?.();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const held = event.ctrlKey || event.metaKey;
  if (held && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return void press('[data-open="palette"]');
  }
  if (held && event.key === "Enter") {
    const form = event.target.closest?.("form");
    if (form) event.preventDefault();
    return void form?.requestSubmit();
  }
  if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog, .editing")) return event.target.blur();
  if (held || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (document.documentElement.dataset.singleKeys === "off") return;
  const key = event.key.toLowerCase();
  if (!/^[a-z?/]$/.test(key) || (event.shiftKey && key !== "?" && key !== "/")) return;
  if (key === "/") event.preventDefault();
  single(key);
});
