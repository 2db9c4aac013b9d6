// A combobox for several values: each becomes a token, Enter or a comma adds what was typed, Backspace takes the last one away.
import { Combobox } from "./combobox.js";

export class Tags extends Combobox {
  constructor(root) {
    super(root);
    this.values = this.label.split(",").map((word) => word.trim()).filter(Boolean);
    this.draw();
  }

  get typed() {
    return this.input.value;
  }

  key(event) {
    const word = this.input.value.trim();
    const chosen = event.key === "Enter" && this.active && !this.list.hidden;
    if ((event.key === "Enter" || event.key === ",") && word && !chosen) {
      event.preventDefault();
      return this.set(word, word);
    }
    if (event.key === "Backspace" && !this.input.value && this.values.pop() !== undefined) return this.draw();
    super.key(event);
  }

  set(value, label) {
    this.close();
    if (label && !this.values.includes(label)) this.values.push(label);
    this.draw();
    this.hidden.dispatchEvent(new Event("input", { bubbles: true }));
  }

  leave() {
    this.close();
    const word = this.input.value.trim();
    if (word) this.set(word, word);
  }

  draw() {
    for (const token of this.root.querySelectorAll(".token")) token.remove();
    this.input.before(...this.values.map((word) => this.token(word)));
    this.hidden.value = this.values.join(", ");
    this.input.value = "";
  }

  token(word) {
    const token = Object.assign(document.createElement("span"), { className: "token", textContent: word });
    const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    remove.setAttribute("aria-label", `${this.root.dataset.remove} ${word}`);
    remove.addEventListener("click", () => {
      this.values = this.values.filter((one) => one !== word);
      this.draw();
      this.input.focus();
    });
    token.append(remove);
    return token;
  }
}
