// The form of an own field. [data-key-of=id]: a key is proposed from that field's words until somebody writes one.
// [data-insert=text][data-into=id]: puts text where the cursor stands.

const slug = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[_0-9]+|_+$/g, "").slice(0, 36).replace(/_+$/, "");

for (const key of document.querySelectorAll("[data-key-of]")) {
  const label = document.getElementById(key.dataset.keyOf);
  let own = Boolean(key.value);
  key.addEventListener("input", () => { own = Boolean(key.value); });
  label.addEventListener("input", () => { if (!own) key.value = slug(label.value); });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-insert]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into);
  field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
