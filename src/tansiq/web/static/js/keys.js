/* Keyboard: [data-key], [data-keys-scope], [data-walk], [data-keys-toggle], form[data-sends]. By event.code, never while typing. */
(() => {
  "use strict";
  const root = document.documentElement;
  const STORE = "tansiq.keys";
  const read = () => {
    try { return localStorage.getItem(STORE) !== "off"; } catch { return true; }
  };
  let on = read();
  const WORD_MS = 1000; // after a key that means nothing here somebody types words, and no digit of them leads away
  let typed = -WORD_MS;

  const code = (key) =>
    /^[a-z]$/i.test(key) ? "Key" + key.toUpperCase()
    : /^\d$/.test(key) ? "Digit" + key
    : key === "/" || key === "?" ? "Slash"
    : key;
  const typing = (el) =>
    el && (el.isContentEditable || el.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])"));
  const usable = (el) => !el.disabled && el.getAttribute("aria-disabled") !== "true" && (el.closest(".section-bar") || el.getClientRects().length > 0);

  function find(pressed, shift) {
    const wanted = (el) =>
      code(el.dataset.key) === pressed && (el.dataset.key === "?") === shift && usable(el);
    const scope = document.activeElement && document.activeElement.closest("[data-keys-scope]");
    const inside = scope && [...scope.querySelectorAll("[data-key]")].find(wanted);
    return inside || [...document.querySelectorAll("[data-key]")].find((el) => wanted(el) && !el.closest("[data-keys-scope]"));
  }

  function walk(step) {
    const items = [...document.querySelectorAll("[data-walk]")];
    if (!items.length) return false;
    const at = items.findIndex((el) => el.contains(document.activeElement));
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))];
    if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
    next.focus();
    return true;
  }

  function question(here) {
    const form = here && here.closest("form");
    if (!form) return false;
    const controls = "input:not([type=hidden]), select, textarea";
    const asked = [...form.querySelectorAll(".field")].filter((el) => !el.parentElement.closest(".field") && [...el.querySelectorAll(controls)].some(usable));
    const next = asked[asked.findIndex((el) => el.contains(here)) + 1];
    if (!next) return false;
    [...next.querySelectorAll(controls)].find(usable).focus();
    return true;
  }

  function use(target) {
    if (typing(target)) {
      target.focus();
      if (target.select) target.select();
      return;
    }
    const fold = target.matches("summary") && target.parentElement;
    if (!fold || !fold.open || !fold.matches(".find")) target.click();
    const first = fold && fold.open && fold.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (!on || event.defaultPrevented || event.isComposing || (event.repeat && !/^(Key[JK]|Arrow.*)$/.test(event.code))) return;
    const here = document.activeElement;
    const pressed = event.code.replace(/^Numpad(?=\d$)/, "Digit");
    if (event.ctrlKey && !event.altKey && (pressed === "Enter" || pressed === "NumpadEnter")) {
      const form = (here && here.form) || document.querySelector("form[data-sends]");
      const send = form && form.querySelector(".btn-primary:not([type=button]), .btn-danger");
      if (send) {
        event.preventDefault();
        if (!send.disabled) form.requestSubmit(send);
      }
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && pressed === "KeyK") {
      const box = find("Slash", false);
      if (box) {
        event.preventDefault();
        use(box);
      }
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (pressed === "F4" && question(here)) {
      event.preventDefault();
      return;
    }
    if (typing(here) && !/^F\d+$/.test(pressed)) {
      if (pressed === "Escape") here.blur();
      return;
    }
    const step = { KeyJ: 1, ArrowDown: 1, KeyK: -1, ArrowUp: -1 }[pressed];
    if (step && (pressed.startsWith("Key") || here.closest("[data-walk]")) && !find(pressed, event.shiftKey)) {
      if (walk(step)) event.preventDefault();
      return;
    }
    if (/^(Numpad)?Enter$/.test(pressed)) { // a row that has the focus itself, and not a link or button in it
      const opens = here && here.matches("[data-walk]") && here.querySelector("a[href]");
      if (opens) opens.click();
      return;
    }
    const target = find(pressed, event.shiftKey), letter = /^(Key|Digit)/.test(pressed);
    const words = letter && event.timeStamp - typed < WORD_MS;
    if (letter && (words || !target)) typed = event.timeStamp;
    if (!target || words) return;
    event.preventDefault();
    use(target);
  });

  function show() {
    root.dataset.keys = on ? "on" : "off";
    for (const el of document.querySelectorAll("[data-key]")) {
      if (on) el.setAttribute("aria-keyshortcuts", el.dataset.key);
      else el.removeAttribute("aria-keyshortcuts");
    }
    for (const el of document.querySelectorAll("[data-keys-toggle]")) {
      if (el.type === "checkbox") el.checked = on;
      else el.setAttribute("aria-pressed", String(on));
    }
  }
  for (const el of document.querySelectorAll("[data-keys-toggle]")) {
    el.addEventListener(el.type === "checkbox" ? "change" : "click", () => {
      on = !on;
      try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { }
      show();
    });
  }
  show();
  for (const el of document.querySelectorAll(".find")) {
    el.addEventListener("toggle", () => { if (el.open) el.querySelector("input").focus(); });
    el.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { el.open = false; el.querySelector("summary").focus(); }
    });
  }
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
})();
