// Autocomplete. <div class="combo" data-combobox=url data-value data-multiple? data-create=url?> around a text input that works
// alone: its words are parsed by the server. With script the name moves to a hidden input that holds the chosen value;
// words that match nothing are sent as they are, so the server's message is the same. Several values are joined by ", ".
// GET url?q=… (150 ms after the last key) answers ui/_options.html. Its last option may open the form for a new record; that
// form's answer sends HX-Trigger {"created": {"value": …, "label": …}, "closeDialog": {}}, which fills the field that asked.
import { Combobox } from "./combobox.js";
import { Tags } from "./tags.js";

function bind(root = document) {
  for (const one of root.querySelectorAll(".combo[data-combobox]")) {
    if (one.querySelector("[role=combobox]")) continue;
    if ("multiple" in one.dataset) new Tags(one);
    else new Combobox(one);
  }
}

document.addEventListener("created", ({ detail }) => Combobox.asking?.set(detail.value, detail.label));
document.addEventListener("htmx:after:process", ({ target }) => bind(target));
document.addEventListener("added", ({ detail }) => bind(detail.root));
bind();
