/* <details class="compose">: opening puts the cursor into the first field; a kept draft opens it. With the first word the clock of
   the line stops; what its words tell is asked for at [data-chips] while somebody types. */
(() => {
  "use strict";
  for (const box of document.querySelectorAll("details.compose")) {
    const head = box.querySelector("summary");
    const open = () => {
      box.open = true;
      box.querySelector("textarea, input:not([type=hidden])").focus();
    };
    // At once, not at the later "toggle": keys typed right after F2 belong to the field. Pressed
    // anywhere but on its head, the key does not close an open composer.
    head.addEventListener("click", (event) => {
      if (box.open && (event.detail || document.activeElement === head)) return;
      event.preventDefault();
      open();
    });
    const note = box.querySelector("[data-draft-note]");
    const asked = location.hash === "#new-line"; // F2 on another page; not an id, to which the focus would go
    const wanted = (box.open || asked) && !document.querySelector(".error-summary"); // those have the focus
    if (wanted || (note && !note.hidden)) open();
    const form = box.querySelector("form"), clock = document.querySelector("[data-clock]");
    const { text, observed } = form.elements;
    let blank = !text.value && observed.value; // a draft and a line that is corrected keep their time
    text.addEventListener("input", () => {
      if (blank && observed.value === blank && clock)
        observed.value = new Date(window.tansiq.now() + Number(clock.dataset.offset)).toISOString().slice(0, 16).replace("T", " ");
      blank = "";
    });
    const chips = form.querySelector("[data-chips]");
    if (chips) propose(form, chips);
  }

  function propose(form, place) {
    const WAIT_MS = 200;
    let timer = 0, asked = 0;
    const ask = async () => {
      const mine = ++asked, body = new FormData();
      for (const name of ["csrfmiddlewaretoken", "text", "offered", "chip"])
        for (const value of new FormData(form).getAll(name)) body.append(name, value);
      try {
        const reply = await fetch(place.dataset.chips, { method: "POST", body, credentials: "same-origin", headers: { "X-Live": "1" } });
        if (!reply.ok || reply.redirected || mine !== asked) return;
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        if (page.body.textContent.trim() !== place.textContent.trim()) place.replaceChildren(...page.body.childNodes);
      } catch { } // the form of the incident reads the words itself
    };
    form.elements.text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    if (form.elements.text.value) ask();
  }
})();
