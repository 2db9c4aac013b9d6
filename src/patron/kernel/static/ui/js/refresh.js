// The event "refresh" (from HX-Trigger, an undo, a finished dialog) asks for this page again and morphs #main, so that
// focus, scroll and ticked rows survive. Server contract: none, it is the page's own address, asked for as a whole page.
import { request } from "./net.js";

let running;

async function refresh() {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await request(location.href, { fragment: false, signal: running.signal });
    const fresh = new DOMParser().parseFromString(answer.text, "text/html").getElementById("main");
    const main = document.getElementById("main");
    if (!answer.ok || !fresh || !main) return;
    if (globalThis.htmx?.swap) await htmx.swap({ sourceElement: main, target: main, text: fresh.innerHTML, swap: "innerMorph" });
    else main.replaceChildren(...fresh.childNodes);
    document.dispatchEvent(new CustomEvent("refreshed"));
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

document.addEventListener("refresh", refresh);
