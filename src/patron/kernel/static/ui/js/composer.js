// The composer of a record page, form#composer. Choosing a kind (Note, Call …) swaps it; what is to be filled in first takes the focus.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx.target?.id !== "composer") return;
  document.querySelector("#composer :is(.form input, .form select, textarea)")?.focus();
});
