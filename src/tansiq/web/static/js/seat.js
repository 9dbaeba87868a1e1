/* The lock of this screen: form[data-lock] is sent after so many ms without work; a page that comes back is asked for anew. */
(() => {
  "use strict";
  const root = document.documentElement;
  addEventListener("pagehide", () => { root.hidden = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  const form = document.querySelector("form[data-lock]");
  if (!form) return;
  const rest = Number(form.dataset.lock);
  const STORE = "tansiq.active"; // the pages of one browser rest together
  let told = Date.now();
  const note = () => { try { localStorage.setItem(STORE, String(Date.now())); } catch { } };
  const last = () => {
    try { return Math.max(told, Number(localStorage.getItem(STORE)) || 0); } catch { return told; }
  };
  note();
  const work = () => {
    note();
    if (Date.now() - told < Math.min(rest / 4, 60000)) return;
    told = Date.now();
    fetch("/seat/active", { method: "POST", headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value } })
      .then((reply) => { if (reply.redirected) location.replace(reply.url); }, () => { });
  };
  for (const name of ["keydown", "pointerdown", "input"]) addEventListener(name, work, { capture: true, passive: true });
  setInterval(() => { if (Date.now() - last() > rest) { root.hidden = true; form.requestSubmit(); } }, 2000);
})();
