/* A form that takes long says so once it is sent, with how much of the longest time has passed. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", () => {
      const note = form.querySelector("[data-busy-note]"), bar = note.querySelector("progress");
      const begun = performance.now();
      note.hidden = false;
      setInterval(() => { bar.value = (performance.now() - begun) / 1000; }, 250);
    });
  }
})();
