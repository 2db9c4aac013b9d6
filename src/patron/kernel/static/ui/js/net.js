// Requests by script. Same headers as htmx, and the same answers understood:
//   HX-Redirect: go there.   HX-Refresh: true: load the page again.   HX-Trigger: {"name": detail, …}: events on the document.
// Writes carry the CSRF token of <meta name="csrf-token">, those of htmx too.

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export async function request(url, { method = "GET", body, fragment = true, signal } = {}) {
  const headers = { Accept: "text/html" };
  if (fragment) headers["HX-Request"] = "true";
  if (method !== "GET") headers["X-CSRFToken"] = token();
  let response;
  try {
    response = await fetch(url, { method, body, headers, signal, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { ok: false, status: 0, text: "", url };
  }
  const text = await response.text();
  follow(response.headers);
  return { ok: response.ok, status: response.status, text, url: response.url, redirected: response.redirected };
}

function follow(headers) {
  const to = headers.get("HX-Redirect");
  if (to) location.assign(to);
  if (headers.get("HX-Refresh") === "true") location.reload();
  const trigger = headers.get("HX-Trigger");
  if (!trigger) return;
  const events = trigger.startsWith("{") ? JSON.parse(trigger) : Object.fromEntries(trigger.split(",").map((name) => [name.trim(), {}]));
  for (const [name, detail] of Object.entries(events)) emit(name, detail);
}

// An event on the document, where every module listens.
export function emit(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

// The words of a refusal: the server's note, else a sentence of the page (data-offline on the toast region).
export function words(answer) {
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  const found = [".note li", ".note, .error", "p"].map((which) => page.querySelector(which)).find(Boolean);
  const note = found?.textContent.trim();
  return note || document.getElementById("toasts")?.dataset.offline || "";
}

// Whether a key press belongs to a field.
export function typing(target) {
  return Boolean(target.closest?.('input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable]'));
}

document.addEventListener("htmx:config:request", (event) => {
  const { request: sent } = event.detail.ctx;
  if (sent.method !== "GET") sent.headers["X-CSRFToken"] = token();
});
