// The queue by keyboard: j and k walk the cards, m merges, x says that they are not the same. Off where single keys are switched off.
const cards = () => [...document.querySelectorAll("[data-twin]")];
const typing = (node) => node.closest?.("input, select, textarea, dialog, [contenteditable]");

function current() {
  return document.activeElement?.closest?.("[data-twin]") ?? null;
}

function step(by) {
  const all = cards();
  const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.documentElement.dataset.singleKeys === "off") return;
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "m") current()?.querySelector("[data-merge]")?.click();
  else if (event.key === "x") current()?.querySelector("[data-apart]")?.click();
  else return;
  event.preventDefault();
});
