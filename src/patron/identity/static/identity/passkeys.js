// Passkeys. <form data-passkey="login|get|create"> with a hidden input "credential": on submit the browser's own dialog is asked, its
// answer goes into the input, and the form is sent. Options come from data-options (JSON), for "login" from the form's address by GET.
// [data-problem] in the form carries the words for what can go wrong; a browser without passkeys disables the button and says why.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (credentials = []) => credentials.map((one) => ({ ...one, id: bytes(one.id) }));

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

async function create(wanted, form) {
  const alone = form.elements.passwordless?.checked ?? true;
  const authenticatorSelection = {
    ...wanted.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    userVerification: alone ? "required" : (wanted.authenticatorSelection?.userVerification ?? "preferred"),
  };
  const user = { ...wanted.user, id: bytes(wanted.user.id) };
  const publicKey = { ...wanted, authenticatorSelection, user, challenge: bytes(wanted.challenge), excludeCredentials: listed(wanted.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = made.response;
  return envelope(made, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports: made.response.getTransports?.() ?? [] });
}

async function get(wanted) {
  const publicKey = { ...wanted, challenge: bytes(wanted.challenge), allowCredentials: listed(wanted.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
  return envelope(found, {
    authenticatorData: text(authenticatorData),
    clientDataJSON: text(clientDataJSON),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function envelope(credential, response) {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: credential.getClientExtensionResults(), response };
}

function say(form, key) {
  const problem = form.querySelector("[data-problem]");
  problem.textContent = problem.dataset[key];
  problem.hidden = false;
}

async function ask(event) {
  const form = event.target;
  if (!form.matches("[data-passkey]") || form.elements.credential.value) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.ariaBusy = "true";
  form.querySelector("[data-problem]").hidden = true;
  try {
    const wanted = await options(form);
    const credential = await (form.dataset.passkey === "create" ? create(wanted, form) : get(wanted));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    say(form, { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "unsupported" }[error.name] ?? "failed");
  } finally {
    button.ariaBusy = null;
  }
}

document.addEventListener("submit", ask);
if (!globalThis.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.querySelector("button").disabled = true;
    say(form, "unsupported");
  }
}
