/* <form data-preview-form>: a changed choice is sent at once and the form drawn again; Ctrl+Enter presses its one act. */
(() => {
  "use strict";
  const SELECTOR = "form[data-preview-form]";
  let running = null;

  async function refresh(form, submitter) {
    if (running) running.abort();
    running = new AbortController();
    const body = new FormData(form);
    if (submitter && submitter.name) body.append(submitter.name, submitter.value);
    const act = form.querySelector(".btn-primary");
    if (act) act.disabled = true;
    try {
      const reply = await fetch(form.action, { method: "POST", body, credentials: "same-origin", signal: running.signal });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.querySelector(SELECTOR);
      if (!reply.ok || !fresh) throw new Error(String(reply.status));
      const here = document.activeElement && document.activeElement.id;
      form.replaceChildren(...fresh.childNodes);
      const again = here && document.getElementById(here);
      if (again) again.focus({ preventScroll: true });
      history.replaceState(null, "", reply.url);
      window.tansiq.announce(form.dataset.announce);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest(SELECTOR);
    if (form && !("previewKeeps" in event.target.dataset)) refresh(form, null); // what is only confirmed changes no preview
  });
  document.addEventListener("submit", (event) => {
    const send = event.submitter;
    if (!event.target.matches(SELECTOR) || !send || send.value === "release") return;
    event.preventDefault();
    refresh(event.target, send);
  });
  document.addEventListener("keydown", (event) => {
    const form = document.querySelector(SELECTOR);
    if (!form || !event.ctrlKey || event.altKey || !/^(Numpad)?Enter$/.test(event.code)) return;
    const act = form.querySelector(".btn-primary");
    event.preventDefault();
    if (act && !act.disabled) act.click();
  });
})();
