/* Tools of a map that draws a list: it fills the screen, measures a way, says coordinates in three notations, and goes through time day by
   day. <div data-map-wrap> holds the map, its buttons [data-map-full], [data-map-measure], [data-map-coordinates], the line [data-map-how], the
   answer [data-map-said] and [data-map-time]. Hears "tansiq:map" of map.js. */
(() => {
  "use strict";
  const wrap = document.querySelector("[data-map-wrap]");
  if (!wrap) return;
  const box = wrap.querySelector("[data-map]"), tools = wrap.querySelector("[data-map-tools]");
  const how = wrap.querySelector("[data-map-how]"), said = wrap.querySelector("[data-map-said]");
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const DECIMALS = 5; // of a degree: a metre
  const KEYS = { enter: "Enter", back: "Backspace", esc: "Esc" };

  box.addEventListener("tansiq:map", (event) => {
    const { map, again, words } = event.detail;
    tools.hidden = false;
    full(map);
    modes(map, words);
    time(again, words);
  }, { once: true });

  function full(map) {
    const button = tools.querySelector("[data-map-full]");
    let was = 0;
    const set = (on) => { // what rings stays above it
      const ringing = document.querySelector(".alerts-safety, .alerts-flash, .alerts-urgent");
      if (on) was = scrollY;
      wrap.classList.toggle("map-filled", on);
      document.documentElement.classList.toggle("no-scroll", on);
      button.setAttribute("aria-pressed", String(on));
      scrollTo(0, on ? (ringing ? ringing.getBoundingClientRect().top + scrollY : 0) : was);
      map.invalidateSize({ animate: false });
    };
    button.addEventListener("click", () => set(!wrap.classList.contains("map-filled")));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !wrap.classList.contains("map-filled")) return;
      set(false);
      button.focus();
    });
  }

  function modes(map, words) {
    const buttons = { measure: tools.querySelector("[data-map-measure]"), coordinates: tools.querySelector("[data-map-coordinates]") };
    const L = window.L, drawn = L.layerGroup().addTo(map);
    let way = [], asked = 0;

    function mode(name) {
      way = [];
      asked++;
      drawn.clearLayers();
      said.replaceChildren();
      if (name) box.dataset.mode = name;
      else delete box.dataset.mode;
      for (const [one, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(one === name));
      how.hidden = !name;
      how.replaceChildren(...(name ? sentence(words[name + "_how"], KEYS).childNodes : []));
      map.closePopup();
      if (name) box.focus({ preventScroll: true });
    }
    const km = (metres) => (metres / 1000).toFixed(metres < 100000 ? 2 : 1);

    function measured() {
      drawn.clearLayers();
      const paint = css("act");
      for (const at of way) L.circleMarker(at, { radius: 4, weight: 2, color: paint, interactive: false }).addTo(drawn);
      if (way.length > 1) L.polyline(way, { color: paint, weight: 3, dashArray: "6 5", interactive: false }).addTo(drawn);
      const parts = way.slice(1).map((at, n) => map.distance(way[n], at));
      const values = { points: way.length, km: km(parts.reduce((a, b) => a + b, 0)), last: km(parts.at(-1) || 0) };
      said.replaceChildren(way.length ? sentence(words.measured, values) : "");
    }
    async function positioned(at) {
      drawn.clearLayers();
      L.circleMarker(at, { radius: 7, weight: 3, color: css("act"), interactive: false }).addTo(drawn);
      const mine = ++asked, text = at.lat.toFixed(DECIMALS) + ", " + at.lng.toFixed(DECIMALS);
      try {
        const reply = await fetch(said.dataset.notations + "?" + new URLSearchParams({ at: text }), { headers: { "X-Live": "1" }, credentials: "same-origin" });
        if (!reply.ok || reply.redirected || mine !== asked) return;
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        said.replaceChildren(...page.body.childNodes);
      } catch { /* the bar says that the link is down */ }
    }
    function take(at) {
      if (box.dataset.mode === "measure") { way.push(at); measured(); }
      else if (box.dataset.mode === "coordinates") positioned(at);
    }
    for (const [name, button] of Object.entries(buttons))
      button.addEventListener("click", () => mode(box.dataset.mode === name ? "" : name));
    map.on("click", (event) => take(event.latlng));
    box.addEventListener("keydown", (event) => {
      const now = box.dataset.mode;
      if (!now || event.target.closest("a, button")) return;
      if (event.key === "Enter") take(map.getCenter());
      else if (event.key === "Backspace" && now === "measure") { way.pop(); measured(); }
      else return;
      event.preventDefault();
    });
    wrap.addEventListener("keydown", (event) => { // before the map that fills the screen hears it
      if (event.key !== "Escape" || !box.dataset.mode) return;
      event.preventDefault();
      const button = buttons[box.dataset.mode];
      mode("");
      button.focus();
    });
    said.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-copy]");
      if (!button) return;
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = words.copied;
      } catch { // no clipboard without TLS: it is marked, to be copied by Ctrl+C
        getSelection().selectAllChildren(button.previousElementSibling);
      }
    });
  }

  // Words with values, each in an element of its own direction.
  function sentence(words, values) {
    const found = document.createElement("p");
    for (const part of words.split(/(\{\w+\})/)) {
      const name = part.slice(1, -1);
      if (!(part.startsWith("{") && name in values)) { found.append(part); continue; }
      found.append(Object.assign(document.createElement("bdi"), { dir: "ltr", textContent: values[name] }));
    }
    return found;
  }

  function time(again, words) {
    const bar = wrap.querySelector("[data-map-time]");
    const slider = bar.querySelector("input"), span = bar.querySelector("select"), when = bar.querySelector("output"), list = bar.querySelector("a");
    const src = box.dataset.src, last = Date.parse(bar.dataset.last + "T00:00:00Z"), days = Number(bar.dataset.days);
    bar.hidden = false;
    const day = (ago) => new Date(last - ago * 864e5).toISOString().slice(0, 10);
    function moved() {
      const ago = days - Number(slider.value), until = day(ago);
      const since = span.value === "all" ? "" : day(ago + Number(span.value) - 1);
      const link = new URL(bar.dataset.page, location.href), data = new URL(src, location.href);
      for (const one of [link, data]) {
        one.searchParams.set("until", until);
        if (since) one.searchParams.set("since", since);
        else one.searchParams.delete("since");
      }
      box.dataset.src = data.pathname + data.search;
      list.href = link.pathname + link.search;
      list.hidden = false;
      when.replaceChildren(...sentence(since ? words.between : words.upto, { since, until }).childNodes);
      slider.setAttribute("aria-valuetext", when.textContent);
      again();
    }
    slider.addEventListener("input", moved);
    span.addEventListener("change", moved);
  }
})();
