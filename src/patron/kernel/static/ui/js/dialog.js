// Dialogs. <a href=url data-dialog> or <button formaction=url data-dialog> loads url (a GET with HX-Request) into the dialog
// host; data-dialog="drawer" at the side. The answer is what ui/dialog.html has in its block "dialog". Its POST forms are sent
// by htmx to their own address; the server answers
//   422 with the form again, 409 with ui/_conflict.html: shown in place      200 with HTML: the next step, shown in place
//   204: done, the dialog closes and the page refreshes     redirect or HX-Redirect: go there     HX-Trigger "closeDialog": close only
// data-open="id" opens a dialog of the page, data-close closes, <dialog data-start> is open from the start.
import { emit, request, words } from "./net.js";

const top = () => [...document.querySelectorAll("dialog[open]")].at(-1);

function host() {
  const fixed = document.getElementById("dialog");
  if (!fixed.open) return fixed;
  const dialog = document.createElement("dialog");
  dialog.dataset.extra = "";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  fixed.after(dialog);
  return dialog;
}

function prepare(dialog, url) {
  if (url) dialog.dataset.url = url;
  for (const form of dialog.querySelectorAll('form[method="post"]:not([hx-post])')) {
    form.setAttribute("hx-post", form.getAttribute("action") || dialog.dataset.url);
    form.setAttribute("hx-target", "closest dialog");
    form.setAttribute("hx-swap", "innerHTML");
    if (form.querySelector('[type="file"]')) form.enctype = "multipart/form-data";
  }
  globalThis.htmx?.process(dialog);
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector(".body :is(input:not([type=hidden]), select, textarea)"))?.focus();
}

export async function openDialog(url, kind = "dialog") {
  const answer = await request(url);
  if (!answer.ok) return emit("toast", { text: words(answer), tone: "bad" });
  show(answer.text, url, kind);
}

export function show(html, url, kind = "dialog") {
  const dialog = host();
  dialog.className = kind;
  dialog.innerHTML = html;
  dialog.showModal();
  prepare(dialog, url);
}

function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("opened"));
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches?.("dialog[open]") && !target.dataset.changed) target.close();
  const closer = target.closest?.("[data-close]");
  if (closer?.closest("dialog")) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const opener = target.closest?.("[data-open], [data-dialog]");
  if (!opener) return;
  event.preventDefault();
  opener.closest("[popover]:popover-open")?.hidePopover();
  if (opener.dataset.open) return open(document.getElementById(opener.dataset.open));
  const form = opener.href ? null : opener.form;
  const url = opener.href || opener.formAction;
  const query = form ? new URLSearchParams(new FormData(form)) : "";
  openDialog(query ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url, opener.dataset.dialog || "dialog");
});

document.addEventListener("input", (event) => {
  const dialog = event.target.closest("dialog");
  if (dialog && !dialog.matches(".palette")) dialog.dataset.changed = "true";
});
document.addEventListener("close", ({ target }) => {
  delete target.dataset.changed;
  if ("extra" in target.dataset) target.remove();
  else if (target.id === "dialog") target.replaceChildren();
}, true);

document.addEventListener("htmx:before:response", (event) => {
  const { target, response } = event.detail.ctx;
  if (!target?.matches?.("dialog") || !response.raw.redirected) return;
  event.preventDefault();
  location.assign(response.raw.url);
});
document.addEventListener("htmx:after:swap", ({ detail }) => detail.ctx.target?.matches?.("dialog") && prepare(detail.ctx.target));
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.response?.status !== 204 || !ctx.target?.matches?.("dialog")) return;
  ctx.target.close();
  if (!ctx.hx?.redirect) emit("refresh");
});
document.addEventListener("closeDialog", () => top()?.close());
document.querySelectorAll("dialog[data-start]").forEach(open);
