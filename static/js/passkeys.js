// A [data-pk-passkey] asks the browser to use a passkey ("get") or to make one ("create"), and sends
// what it says with the button's form. webauthn-json.js, of allauth, turns bytes into text and back; it comes at the first press.
// A passkey is of a name: at an address of digits, as that of `dev.py run`, there are none.
const hasPasskeys = window.PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname);

for (const reason of document.querySelectorAll("[data-pk-no-passkeys]")) reason.hidden = hasPasskeys;

for (const button of document.querySelectorAll("[data-pk-passkey]")) {
  button.hidden = !hasPasskeys;
  button.addEventListener("click", () => use(button));
}

async function use(button) {
  const refusal = button.nextElementSibling;
  refusal.hidden = true;
  try {
    await import(button.dataset.pkLibrary);
    const credential = await window.webauthnJSON[button.dataset.pkPasskey](await optionsOf(button));
    button.form.elements.credential.value = JSON.stringify(credential);
  } catch {
    refusal.hidden = false;
    return;
  }
  button.form.submit();
}

async function optionsOf({ dataset }) {
  if (dataset.pkOptions) return JSON.parse(dataset.pkOptions);
  const answer = await fetch(dataset.pkChallenge, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}
