/* [data-go-back]: on a page that says why something could not be done, the way to where one was. */
(() => {
  "use strict";
  if (history.length < 2) return;
  for (const el of document.querySelectorAll("[data-go-back]")) {
    el.hidden = false;
    el.addEventListener("click", () => history.back());
  }
})();
