/* <button data-passkey="purpose">: asks /passkey/options, lets the browser use or make a passkey, sends its form with `credential`. */
(() => {
  "use strict";
  const button = document.querySelector("[data-passkey]");
  if (!button || !window.PublicKeyCredential) return;
  const form = button.form, purpose = button.dataset.passkey;
  const failed = form.querySelector("[data-passkey-failed]");
  button.closest("[data-passkey-part]").hidden = false;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function ask() {
    const body = new URLSearchParams({ purpose, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const reply = await fetch("/passkey/options", { method: "POST", body });
    if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
    const key = (await reply.json()).publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) {
      key.user.id = bytes(key.user.id);
      key.excludeCredentials = named(key.excludeCredentials);
      return navigator.credentials.create({ publicKey: key });
    }
    key.allowCredentials = named(key.allowCredentials);
    return navigator.credentials.get({ publicKey: key });
  }

  function plain(made) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[name]) response[name] = text(made.response[name]);
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response,
      clientExtensionResults: made.getClientExtensionResults(),
    });
  }

  button.addEventListener("click", async (event) => {
    if (form.elements.credential.value) return; // the second click is ours: the form goes
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = plain(await ask());
      button.disabled = false;
      form.requestSubmit(button);
    } catch {
      button.disabled = false;
      failed.hidden = false;
      button.focus();
    }
  });
})();
