/* <details class="compose">: opening puts the cursor into the first field; a kept draft opens it. */
(() => {
  "use strict";
  for (const box of document.querySelectorAll("details.compose")) {
    const first = () => box.querySelector("textarea, input:not([type=hidden])");
    box.addEventListener("toggle", () => { if (box.open) first().focus(); });
    // Its key, pressed anywhere else: an open composer does not close, the cursor goes there.
    const head = box.querySelector("summary");
    head.addEventListener("click", (event) => {
      if (!box.open || event.detail || document.activeElement === head) return;
      event.preventDefault();
      first().focus();
    });
    const note = box.querySelector("[data-draft-note]");
    if (note && !note.hidden) box.open = true;
  }
})();
