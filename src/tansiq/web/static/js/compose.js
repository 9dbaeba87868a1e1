/* <details class="compose">: opening puts the cursor into the first field; a kept draft opens it. */
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
  }
})();
