/* <section data-goes="address"> in a form: what would go at once when it is saved, asked anew while it is filled in. */
(() => {
  "use strict";
  const WAIT_MS = 350;
  for (const place of document.querySelectorAll("[data-goes]")) {
    const form = place.closest("form");
    let timer = 0;
    let running = null;
    const look = async () => {
      if (running) running.abort();
      running = new AbortController();
      const body = new FormData(form);
      for (const field of form.querySelectorAll("input[type=file]")) body.delete(field.name);
      if (place.dataset.goesRecord) body.set("record", place.dataset.goesRecord);
      try {
        const reply = await fetch(place.dataset.goes, { method: "POST", body, credentials: "same-origin", headers: { "X-Live": "1" }, signal: running.signal });
        if (!reply.ok || reply.redirected) return;
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const said = page.body.textContent;
        if (said.trim() !== place.textContent.trim()) place.replaceChildren(...page.body.childNodes);
      } catch { } // the form is asked once more when it is saved
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(look, WAIT_MS);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    const note = form.querySelector("[data-draft-note]"); // a draft or a form that came back is filled in
    if (place.dataset.goesRecord || "draftBound" in form.dataset || (note && !note.hidden)) soon();
  }
})();
