// Toasts. The server sends HX-Trigger: {"toast": {"text": "…", "tone": "good|warn|bad", "undo": url?, "href": url?}} or places
// <div class="toast" data-toast> in #toasts. Five seconds, paused while pointed at or focused; errors stay until closed.
// Undo POSTs to its address and then refreshes the page; href makes the words a link.
import { emit, request, words } from "./net.js";

const ICONS = { good: "circle-check", warn: "triangle-alert", bad: "circle-alert" };

function region() {
  const toasts = document.getElementById("toasts");
  // Shown again each time, so that it lies above a dialog that was opened later.
  if (toasts?.matches(":popover-open")) toasts.hidePopover();
  toasts?.showPopover?.();
  return toasts;
}

function show({ text, tone, undo, href }) {
  const source = document.getElementById("toast-template")?.content.firstElementChild;
  const toasts = region();
  if (!source || !toasts || !text) return;
  const kind = tone in ICONS ? tone : "good";
  const toast = source.cloneNode(true);
  toast.className = `toast is-${kind}`;
  if (kind === "bad") toast.setAttribute("role", "alert");
  const use = toast.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[kind]}`));
  const label = toast.querySelector("span");
  const words = href ? Object.assign(document.createElement("a"), { href, className: "words" }) : label;
  words.textContent = text;
  if (href) label.append(words);
  const button = toast.querySelector("[data-undo]");
  if (undo) button.dataset.undo = undo;
  else button.remove();
  toasts.append(toast);
  start(toast);
}

function start(toast) {
  if (toast.classList.contains("is-bad")) return;
  let timer;
  const wait = () => (timer = setTimeout(() => toast.remove(), 5000));
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, wait);
  wait();
}

document.addEventListener("toast", (event) => show(event.detail));

document.addEventListener("click", async (event) => {
  const toast = event.target.closest?.(".toast");
  if (!toast) return;
  if (event.target.closest("[data-dismiss]")) toast.remove();
  const undo = event.target.closest("[data-undo]");
  if (!undo) return;
  undo.disabled = true;
  const answer = await request(undo.dataset.undo, { method: "POST" });
  toast.remove();
  if (answer.ok) emit("refresh");
  else emit("toast", { text: words(answer), tone: "bad" });
});

// A request of htmx that did not arrive, or was refused without a place to say so.
document.addEventListener("htmx:error", () => emit("toast", { text: document.getElementById("toasts")?.dataset.offline, tone: "bad" }));

if (document.querySelector("#toasts [data-toast]")) region()?.querySelectorAll("[data-toast]").forEach(start);
