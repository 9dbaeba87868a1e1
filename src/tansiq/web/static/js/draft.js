/* <form data-draft="key"> keeps what is typed in this browser until a page says [data-draft-clear="key"], or until another sits here. */
(() => {
  "use strict";
  const ALL = "tansiq.draft.";
  const seat = document.documentElement.dataset.seat;
  const PREFIX = ALL + seat + ".";
  const KEEP = 24 * 3600 * 1000;
  const store = (() => {
    try { return window.localStorage; } catch { return null; }
  })();
  if (!store) return;
  const now = () => window.tansiq.now();

  const ours = () => Object.keys(store).filter((k) => k.startsWith(ALL));
  if (seat) for (const k of ours()) if (!k.startsWith(PREFIX)) store.removeItem(k);
  for (const el of document.querySelectorAll("[data-draft-clear]")) {
    const key = el.dataset.draftClear;
    for (const k of ours()) if (key === "*" || k === PREFIX + key) store.removeItem(k);
  }
  const load = (key) => {
    try { return JSON.parse(store.getItem(key)); } catch { return null; }
  };
  for (const k of ours()) {
    const draft = load(k);
    if (!draft || !(now() - draft.at < KEEP)) store.removeItem(k);
  }

  const kept = (form) =>
    [...form.elements].filter((f) => f.name && !f.disabled && !/^(hidden|password|file|submit|button|reset)$/.test(f.type) && f.type !== "fieldset");
  const ticks = (f) => f.type === "checkbox" || f.type === "radio";
  const read = (form) => {
    const values = {};
    for (const f of kept(form)) {
      if (!ticks(f)) (values[f.name] = values[f.name] || []).push(f.multiple ? [...f.selectedOptions].map((o) => o.value) : f.value);
      else if (f.checked) (values[f.name] = values[f.name] || []).push(f.value);
      else values[f.name] = values[f.name] || [];
    }
    return values;
  };
  const write = (form, values) => {
    const seen = {};
    for (const f of kept(form)) {
      const list = values[f.name];
      if (!list) continue;
      if (ticks(f)) { f.checked = list.includes(f.value); continue; }
      const at = (seen[f.name] = (seen[f.name] || 0) + 1) - 1;
      if (at >= list.length) continue;
      if (f.multiple) for (const o of f.options) o.selected = list[at].includes(o.value);
      else f.value = list[at];
    }
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = PREFIX + form.dataset.draft;
    const blank = JSON.stringify(read(form));
    const note = form.querySelector("[data-draft-note]");
    const draft = load(key);
    const base = form.elements.base;
    if (draft && !("draftBound" in form.dataset) && JSON.stringify(draft.values) !== blank) {
      const old = base && draft.base !== base.value; // of an edition that stands no more: stale.js
      if (old) window.tansiq.stale = { form, draft, write, discard: () => store.removeItem(key) };
      else write(form, draft.values);
      if (note && !old) {
        const at = note.querySelector("[data-draft-time]");
        if (at) at.textContent = window.tansiq.time(draft.at);
        note.hidden = false;
      }
    }
    const keep = () => {
      const values = read(form);
      try {
        if (JSON.stringify(values) === blank) store.removeItem(key);
        else store.setItem(key, JSON.stringify({ at: now(), base: base ? base.value : "", values }));
      } catch { }
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    const discard = form.querySelector("[data-draft-discard]");
    if (discard) {
      discard.addEventListener("click", () => {
        store.removeItem(key);
        write(form, JSON.parse(blank));
        if (note) note.hidden = true;
        if (kept(form)[0]) kept(form)[0].focus();
      });
    }
  }
})();
