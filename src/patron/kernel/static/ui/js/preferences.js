// Theme and density: the buttons of <form data-preferences> act at once and are saved by POST to its address (any 2xx).
// Also [data-show-password] beside a password field, and error summaries that lead to their fields.
import { request } from "./net.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-preferences]") || !button?.name) return;
  event.preventDefault();
  document.documentElement.dataset[button.name] = button.value;
  for (const one of form.querySelectorAll(`[name="${button.name}"]`)) one.setAttribute("aria-pressed", String(one === button));
  const body = new FormData(form);
  body.set(button.name, button.value);
  request(form.action, { method: "POST", body });
});

document.addEventListener("click", (event) => {
  const eye = event.target.closest?.("[data-show-password]");
  if (eye) {
    const input = eye.parentElement.querySelector("input");
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!shown));
  }
  const link = event.target.closest?.('[data-errors] a[href^="#"]');
  const field = link && document.querySelector(link.hash);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});

document.querySelector("[data-errors]")?.focus();
for (const scroller of document.querySelectorAll(".chart .scroll")) scroller.scrollLeft = scroller.scrollWidth;
