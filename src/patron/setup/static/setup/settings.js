// Settings. [data-hue]: radios that show the workspace's colour at once.

document.addEventListener("change", ({ target }) => {
  if (target.closest("[data-hue]")) document.documentElement.style.setProperty("--hue", target.value);
});
