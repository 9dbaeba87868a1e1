/* The one clock of the page: [data-clock], [data-since], window.tansiq.now() and .time(). */
(() => {
  "use strict";
  const clock = document.querySelector("[data-clock]");
  const offset = clock ? Number(clock.dataset.offset) || 0 : 0;
  let skew = 0;
  if (clock && clock.dataset.now) {
    const page = performance.getEntriesByType("navigation")[0];
    const got = performance.timeOrigin + ((page && page.responseStart) || 0);
    skew = Number(clock.dataset.now) - got;
    if (!Number.isFinite(skew) || Math.abs(skew) < 1000) skew = 0;
  }
  const two = (n) => String(n).padStart(2, "0");
  const now = () => Date.now() + skew;
  const time = (ms, seconds) => {
    const at = new Date(ms + offset);
    return two(at.getUTCHours()) + ":" + two(at.getUTCMinutes()) + (seconds ? ":" + two(at.getUTCSeconds()) : "");
  };
  window.tansiq = { now, time };
  if (!clock) return;
  const tick = () => {
    const ms = now();
    clock.textContent = time(ms, true);
    for (const el of document.querySelectorAll("[data-since]")) {
      const count = String(Math.max(0, Math.floor((ms - Number(el.dataset.since)) / 60000))).replace(/\B(?=(\d{3})+$)/g, ",");
      const shown = el.firstElementChild || el;
      if (shown.textContent !== count) shown.textContent = count;
    }
    setTimeout(tick, 1010 - (ms % 1000));
  };
  tick();
})();
