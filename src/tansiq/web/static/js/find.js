/* input[data-find=address]: what may be meant is fetched while somebody types and shown in #find-found; arrow keys choose,
   Enter opens what is chosen, or sends the form where nothing is. */
(() => {
  "use strict";
  const WAIT_MS = 150;
  let timer = 0, asked = 0;
  const box = (event) => event.target.closest && event.target.closest("[data-find]");
  const list = () => document.getElementById("find-found");
  const choices = () => [...list().querySelectorAll("[data-choice]")];

  function choose(input, chosen) {
    for (const one of choices()) one.setAttribute("aria-selected", String(one === chosen));
    if (!chosen) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }
  function show(input, html) {
    const into = list();
    into.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    choices().forEach((one, n) => { one.id = "find-" + n; one.setAttribute("role", "option"); one.tabIndex = -1; });
    into.hidden = !html;
    input.setAttribute("aria-expanded", String(!into.hidden));
    choose(input, null);
  }
  async function look(input) {
    const turn = ++asked, typed = input.value.trim();
    if (typed.length < 2) { show(input, ""); return; }
    try {
      const address = input.dataset.find + "?q=" + encodeURIComponent(typed);
      const reply = await fetch(address, { headers: { "X-Live": "1" }, credentials: "same-origin", cache: "no-store" });
      if (turn === asked && reply.ok && !reply.redirected) show(input, await reply.text());
    } catch { } // the form goes there by itself
  }

  document.addEventListener("focusin", (event) => {
    const input = box(event);
    if (!input || input.hasAttribute("role")) return;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "find-found", "aria-expanded": "false" }))
      input.setAttribute(name, value);
  });
  document.addEventListener("input", (event) => {
    const input = box(event);
    if (!input) return;
    clearTimeout(timer);
    asked++; // what is under way answers other words
    choose(input, null);
    timer = setTimeout(() => look(input), WAIT_MS);
  });
  document.addEventListener("keydown", (event) => {
    const input = box(event);
    if (!input || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const all = choices(), at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      choose(input, at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step] || null);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      all[at].click();
    }
  });
})();
