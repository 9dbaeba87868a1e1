/* window.tansiq.announce(words): a screen reader says them, and they stand at the edge of the page for a while. */
(() => {
  "use strict";
  const SHOWN_MS = 6000;
  const place = document.querySelector("[data-announcer]");
  let timer = 0;
  window.tansiq.announce = (words) => {
    if (!place || !words) return;
    clearTimeout(timer);
    place.textContent = ""; // so that the same words are said again
    timer = setTimeout(() => {
      place.textContent = words;
      timer = setTimeout(() => { place.textContent = ""; }, SHOWN_MS);
    }, 60);
  };
})();
