/* <live-region src topics>: fetched again when /live names one of its topics, or [data-every] so many seconds, merged by
   id. [data-connection] tells; of a region that is the [data-whole] page also that a fetch failed. */
(() => {
  "use strict";
  const ALL = null, STAYS = ["open", "tabindex", "aria-keyshortcuts"]; // set here
  const regions = new Set();
  const shown = document.querySelector("[data-connection]");
  let stream = null, tries = 0, timer = 0, was = "", heard = 0, said = 0, missed = false;

  const busy = (el) =>
    el.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, [contenteditable]");
  const dirty = (el) =>
    [...(el.matches("input, textarea, select") ? [el] : el.querySelectorAll("input, textarea, select"))].some((f) =>
      f.type === "hidden" ? false
      : f.type === "checkbox" || f.type === "radio" ? f.checked !== f.defaultChecked
      : f.tagName === "SELECT" ? f.value !== (([...f.options].find((o) => o.defaultSelected) || f.options[0] || f).value)
      : f.value !== f.defaultValue);
  const spoken = (el) => el.textContent.replace(/\s+/g, " ").trim(); // a part has other spaces
  const form = (el) => el.matches("form, input, textarea, select");

  function merge(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== 1 || fresh.nodeType !== 1 || old.tagName !== fresh.tagName || old.id !== fresh.id) {
      if (old.nodeType !== 1 || !(busy(old) || dirty(old))) old.replaceWith(fresh);
      return;
    }
    if (form(old) && (busy(old) || dirty(old))) return;
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !STAYS.includes(name)) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
    if (old.localName !== "live-region") children(old, fresh);
  }

  function children(old, fresh) {
    const stay = new Set([...fresh.children].map((c) => c.id));
    for (const c of [...old.children]) if (c.id && !stay.has(c.id) && !busy(c) && !dirty(c)) c.remove();
    const byId = new Map([...old.children].filter((c) => c.id).map((c) => [c.id, c]));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      while (next.nodeType === 1 && at && at.nodeType === 3 && !at.data.trim()) at = at.nextSibling;
      const twin = next.id ? byId.get(next.id) : at && !at.id && at.nodeType === next.nodeType && at.nodeName === next.nodeName ? at : null;
      if (!twin) { old.insertBefore(next, at); continue; }
      if (twin !== at) old.insertBefore(twin, at);
      const after = twin.nextSibling;
      merge(twin, next);
      at = after;
    }
    while (at) {
      const after = at.nextSibling;
      if (at.nodeType !== 1 || !(busy(at) || dirty(at))) at.remove();
      at = after;
    }
  }

  function current() {
    const at = shown && shown.querySelector("[data-connection-time]");
    if (at) at.textContent = window.tansiq.time(window.tansiq.now(), true);
  }
  function state(next) {
    if (next === was) return;
    if (shown) {
      shown.dataset.state = next;
      const word = shown.querySelector("[data-connection-word]");
      if (word) word.textContent = shown.dataset[next] || word.textContent;
      if (was) window.tansiq.announce(shown.dataset[next]);
    }
    was = next;
  }

  class LiveRegion extends HTMLElement {
    connectedCallback() {
      regions.add(this);
      open();
      const { every } = this.dataset; // what time alone changes
      if (every) this.beat = setInterval(() => this.refresh(), 1000 * every);
    }
    disconnectedCallback() { regions.delete(this); clearInterval(this.beat); }
    hears(topics) {
      return topics === ALL || (this.getAttribute("topics") || "").split(/\s+/).some((t) => topics.includes(t));
    }
    refresh() {
      if (this.running) { this.again = true; return; }
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.load(), 120);
    }
    async load() {
      this.running = true;
      try {
        const reply = await fetch(this.getAttribute("src"), { headers: { "X-Live": "1" }, credentials: "same-origin", cache: "no-store" });
        if (reply.redirected) location.replace(reply.url); // locked or signed off
        if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const anchor = [...this.querySelectorAll("[id]")].find((el) => el.getBoundingClientRect().bottom > 0);
        const top = anchor && anchor.getBoundingClientRect().top;
        const before = spoken(this);
        const held = document.activeElement; // a form that is moved loses the cursor
        children(this, page.body);
        if (held !== document.activeElement && this.contains(held)) held.focus({ preventScroll: true });
        if (anchor && anchor.isConnected && window.scrollY > 0 && this.getBoundingClientRect().top < 0)
          window.scrollBy(0, anchor.getBoundingClientRect().top - top);
        current();
        const words = this.dataset.announce;
        if (words && spoken(this) !== before && Date.now() - said > 5000) {
          said = Date.now();
          window.tansiq.announce(words);
        }
      } catch {
        if (!navigator.onLine || this.dataset.whole !== undefined) lost(); // nobody sees that it is old
      } finally {
        this.running = false;
        if (this.again) { this.again = false; this.refresh(); }
      }
    }
  }

  function tell(topics) {
    for (const region of regions) if (region.hears(topics)) region.refresh();
    document.dispatchEvent(new CustomEvent("tansiq:topics", { detail: topics }));
  }

  function lost() {
    if (stream) stream.close();
    stream = null;
    missed = true;
    state("down");
    clearTimeout(timer);
    timer = setTimeout(open, Math.min(30000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2));
    tries = Math.min(tries + 1, 6);
  }

  function open() {
    if (stream || document.hidden && missed && !window.tansiq.keeps) return;
    clearTimeout(timer);
    stream = new EventSource("/live?since=" + document.querySelector("[data-clock]").dataset.now);
    stream.onopen = () => {
      tries = 0;
      heard = Date.now();
      state("up");
      current();
      if (missed) { missed = false; tell(ALL); }
    };
    stream.onmessage = (event) => {
      heard = Date.now();
      try {
        const { topics } = JSON.parse(event.data);
        if (Array.isArray(topics) && topics.length) tell(topics);
        else current();
      } catch { }
    };
    stream.addEventListener("ping", () => { heard = Date.now(); current(); });
    stream.addEventListener("end", () => { document.documentElement.hidden = true; location.replace("/lock"); });
    stream.onerror = lost;
  }

  // A half-open connection gives no error.
  const ping = shown ? Number(shown.dataset.ping) * 3000 : 0;
  if (ping) setInterval(() => { if (stream && stream.readyState === 1 && Date.now() - heard > ping) lost(); }, ping / 3);

  // A hidden tab gives its connection back; six would block HTTP/1.1. The one that sounds keeps it.
  let rest = 0;
  const sleep = () => { clearTimeout(timer); missed = true; if (stream) stream.close(); stream = null; };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(() => { if (!window.tansiq.keeps) sleep(); }, 60000);
    else if (shown || regions.size) open();
  });
  addEventListener("pagehide", sleep);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  addEventListener("offline", lost);
  addEventListener("online", () => { tries = 0; if (!stream) open(); });

  customElements.define("live-region", LiveRegion);
  if (shown) open();
})();
