// Lists that a person puts in order before sending them: <ul data-sortable> with <li> that hold a .grip to drag and buttons
// [data-up] and [data-down], hidden until this module works. The order of the inputs is what the form sends.
const source = document.querySelector('meta[name="sortable"]')?.content;
const known = new WeakSet();
let loading;

function load() {
  loading ??= new Promise((done) => {
    if (globalThis.Sortable) return done();
    document.head.append(Object.assign(document.createElement("script"), { src: source, onload: done }));
  });
  return loading;
}

async function bind() {
  for (const list of document.querySelectorAll("[data-sortable]")) {
    if (known.has(list)) continue;
    known.add(list);
    for (const button of list.querySelectorAll("[data-up], [data-down]")) button.hidden = false;
    if (!source) continue;
    await load();
    const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120;
    Sortable.create(list, { handle: ".grip", animation, ghostClass: "ghost" });
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-sortable] :is([data-up], [data-down])");
  const row = button?.closest("li");
  const beside = "up" in (button?.dataset ?? {}) ? row?.previousElementSibling : row?.nextElementSibling;
  if (!beside) return;
  if ("up" in button.dataset) beside.before(row);
  else beside.after(row);
  button.focus();
  row.scrollIntoView({ block: "nearest" });
});
new MutationObserver(bind).observe(document.documentElement, { childList: true, subtree: true });
bind();
