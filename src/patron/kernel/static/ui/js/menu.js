// Menus and popovers (<div class="menu|pop" popover> opened by popovertarget). Arrow keys, Home and End move between the
// entries, the first one has the focus after opening by keyboard. Places the popover where CSS anchors are missing.

const ENTRIES = ":is(a, button, input, select):not([disabled], [hidden])";
let opener;

document.addEventListener("click", (event) => (opener = event.target.closest?.("[popovertarget]") ?? opener), true);

document.addEventListener("toggle", (event) => {
  const popover = event.target;
  if (!popover.matches?.(".menu, .pop") || event.newState !== "open") return;
  if (!CSS.supports("position-area", "bottom")) place(popover, opener);
  if (popover.matches(".menu") && opener?.matches(":focus-visible")) popover.querySelector(ENTRIES)?.focus();
  if (popover.matches(".pop")) popover.querySelector("form input:not([type=hidden]), form select")?.focus();
}, true);

function place(popover, anchor) {
  if (!anchor) return;
  const from = anchor.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const below = from.bottom + 4 + size.height <= innerHeight;
  popover.style.setProperty("--x", `${Math.max(8, Math.min(from.left, innerWidth - size.width - 8))}px`);
  popover.style.setProperty("--y", `${below ? from.bottom + 4 : Math.max(8, from.top - size.height - 4)}px`);
  popover.dataset.placed = "";
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu:popover-open");
  if (!menu || event.ctrlKey || event.metaKey || event.altKey) return;
  const entries = [...menu.querySelectorAll(ENTRIES)];
  const at = entries.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  entries.at(to % entries.length)?.focus();
});
