// The event "address" {url} (from HX-Trigger) puts the state of a form that was just asked for anew into the address bar, so that it can be
// reloaded, kept and sent to somebody. The page stays; going back leaves the form.
document.addEventListener("address", ({ detail }) => {
  const url = new URL(detail?.url ?? "", location.href);
  if (url.origin === location.origin) history.replaceState(history.state, "", url);
});
