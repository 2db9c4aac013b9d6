// The field and its list of suggestions; see autocomplete.js for the contract.
import { openDialog } from "./dialog.js";
import { request } from "./net.js";

export class Combobox {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input");
    this.label = this.input.value;
    this.hidden = Object.assign(document.createElement("input"), { type: "hidden", name: this.input.name, value: root.dataset.value || this.label });
    this.list = Object.assign(document.createElement("div"), { className: "listbox", id: `${this.input.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.querySelector(`label[for="${this.input.id}"]`)?.textContent.trim() ?? this.input.name);
    this.input.removeAttribute("name");
    const aria = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(aria)) this.input.setAttribute(name, value);
    root.append(this.hidden, this.list);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(), 150);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    this.input.addEventListener("click", () => this.load());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get active() {
    return this.list.querySelector(".active");
  }

  get typed() {
    return this.input.value === this.label ? "" : this.input.value;
  }

  async load() {
    const url = new URL(this.root.dataset.combobox, location.href);
    url.searchParams.set("q", this.typed);
    const turn = (this.turn = {});
    const answer = await request(url);
    if (!answer.ok || this.turn !== turn || document.activeElement !== this.input) return;
    this.list.innerHTML = answer.text;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.typed ? this.options[0] : null);
  }

  // Also forgets what was asked: an answer that comes after the choice would lay the list over what follows.
  close() {
    clearTimeout(this.timer);
    this.turn = null;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(option) {
    for (const one of this.options) {
      one.classList.toggle("active", one === option);
      one.setAttribute("aria-selected", String(one === option));
    }
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    const open = !this.list.hidden;
    const at = this.options.indexOf(this.active);
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(at, 0) - 1 }[event.key];
    const take = open && event.key === "Enter" && this.active;
    if (to === undefined && !take && !(open && event.key === "Escape")) return;
    event.preventDefault();
    if (take) this.choose(this.active);
    else if (to === undefined) this.close();
    else if (open) this.mark(this.options.at(to % this.options.length));
    else this.load();
  }

  choose(option) {
    if (!option) return;
    this.close();
    if (option.dataset.create === undefined) return this.set(option.dataset.value, option.dataset.label);
    Combobox.asking = this;
    openDialog(option.dataset.create);
  }

  set(value, label) {
    this.input.value = this.label = label;
    this.hidden.value = value;
    this.root.querySelector(":scope > .avatar")?.remove();
    this.hidden.dispatchEvent(new Event("input", { bubbles: true }));
  }

  leave() {
    this.close();
    if (this.input.value !== this.label) this.set(this.input.value, this.input.value);
  }
}
