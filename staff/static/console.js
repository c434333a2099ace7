// What HTML alone cannot: one key that blurs the screen, printing, passkeys, and a way Back past what answered a form.
// It keeps and sends nothing else.
"use strict";
(() => {
  const place = document.body.dataset.place;
  if (place) history.replaceState(null, "", place);

  const veil = () => document.body.classList.toggle("veiled");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) { event.preventDefault(); veil(); }
  });
  for (const button of document.querySelectorAll("[data-veil]")) {
    button.addEventListener("click", (event) => { event.preventDefault(); veil(); });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const ask = async (form) => {
    const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams({ csrf: form.csrf.value }) });
    if (!answer.ok) throw new Error("refused");
    return answer.json();
  };
  const send = (form, credential) => { form.credential.value = JSON.stringify(credential); form.submit(); };

  const create = async (form) => {
    const options = await ask(form);
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    for (const each of options.excludeCredentials || []) each.id = bytes(each.id);
    const made = await navigator.credentials.create({ publicKey: options });
    send(form, {
      id: made.id, rawId: text(made.rawId), type: made.type,
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) },
    });
  };
  const get = async (form) => {
    const options = await ask(form);
    options.challenge = bytes(options.challenge);
    for (const each of options.allowCredentials || []) each.id = bytes(each.id);
    const made = await navigator.credentials.get({ publicKey: options });
    send(form, {
      id: made.id, rawId: text(made.rawId), type: made.type,
      response: {
        clientDataJSON: text(made.response.clientDataJSON), authenticatorData: text(made.response.authenticatorData),
        signature: text(made.response.signature), userHandle: made.response.userHandle ? text(made.response.userHandle) : null,
      },
    });
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = !window.PublicKeyCredential;
    form.addEventListener("submit", (event) => {
      if (form.credential.value) return;
      event.preventDefault();
      const failed = form.querySelector("[data-failed]");
      failed.hidden = true;
      (form.dataset.passkey === "create" ? create : get)(form).catch(() => { failed.hidden = false; });
    });
  }
})();
