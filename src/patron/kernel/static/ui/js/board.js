// Board. <div data-board> with columns <ol data-stage=id> of cards <li data-id data-revision data-move-url> (ui/board.html).
// A move POSTs stage, revision and before (the id of the card that follows, empty at the end) to data-move-url:
//   2xx moved: the page refreshes for totals and the new revision      422 with a form (the stage needs fields): shown in the dialog
//   anything else: the card returns and a toast says the server's words
// A button [data-do=verb] of the menu opens that verb's dialog, which lies beside data-move-url (…/do/<verb>/).
// By mouse: drag. By keyboard: 1…9 on a card moves it to that column, arrows move between cards; the grip opens [data-move-menu].
import { openDialog, show } from "./dialog.js";
import { emit, request, typing, words } from "./net.js";

const columns = () => [...document.querySelectorAll("[data-board] [data-stage]")];
const cards = (column) => [...column.querySelectorAll("[data-id]")];
let grip;

async function send(card, column, back) {
  const before = card.nextElementSibling?.dataset.id ?? "";
  const body = new URLSearchParams({ stage: column.dataset.stage, revision: card.dataset.revision ?? "", before });
  card.ariaBusy = "true";
  const answer = await request(card.dataset.moveUrl, { method: "POST", body });
  card.ariaBusy = null;
  if (answer.ok) return emit("refresh");
  back();
  if (answer.status === 422 && answer.text.includes("<form")) return show(answer.text, card.dataset.moveUrl);
  emit("toast", { text: words(answer), tone: "bad" });
}

function move(card, column) {
  const [parent, next] = [card.parentElement, card.nextElementSibling];
  if (!column || parent === column) return;
  column.prepend(card);
  count();
  card.querySelector("a")?.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  send(card, column, () => {
    parent.insertBefore(card, next);
    count();
  });
}

function count() {
  for (const column of columns()) column.parentElement.querySelector("[data-stage-count]").textContent = cards(column).length;
}

document.addEventListener("click", (event) => {
  grip = event.target.closest?.(".grip") ?? grip;
  const to = event.target.closest?.("[data-move-menu] :is([data-to], [data-do])");
  if (!to || !grip) return;
  to.closest("[popover]").hidePopover();
  if (to.dataset.do) return openDialog(new URL(`../${to.dataset.do}/`, new URL(grip.closest("[data-id]").dataset.moveUrl, location)).pathname);
  move(grip.closest("[data-id]"), columns().find((column) => column.dataset.stage === to.dataset.to));
});

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-board] [data-id]");
  const held = event.ctrlKey || event.metaKey || event.altKey;
  if (!card || held || typing(event.target)) return;
  const column = card.closest("[data-stage]");
  if (/^[1-9]$/.test(event.key) && document.documentElement.dataset.singleKeys !== "off") return move(card, columns()[event.key - 1]);
  const step = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = cards(column).indexOf(card);
  let target = cards(column)[at + step[1]];
  const filled = columns().filter((one) => cards(one).length);
  if (step[0]) {
    const beside = filled[filled.indexOf(column) + step[0]];
    target = beside && cards(beside)[Math.min(at, cards(beside).length - 1)];
  }
  target?.querySelector("a")?.focus();
});

function drag() {
  for (const column of columns()) {
    if (Sortable.get(column)) continue;
    Sortable.create(column, {
      group: "board",
      handle: ".grip, .deal",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 150,
      delayOnTouchOnly: true,
      ghostClass: "ghost",
      chosenClass: "dragging",
      onEnd({ item, from, to, oldIndex, newIndex }) {
        if (from === to && oldIndex === newIndex) return;
        count();
        const back = () => from.insertBefore(item, cards(from).filter((card) => card !== item)[oldIndex] ?? null);
        send(item, to, () => (back(), count()));
      },
    });
  }
}

function start() {
  const source = document.querySelector('meta[name="sortable"]')?.content;
  if (!columns().length || !source) return;
  if (globalThis.Sortable) return drag();
  document.head.append(Object.assign(document.createElement("script"), { src: source, onload: drag }));
}
document.addEventListener("refreshed", start);
start();
