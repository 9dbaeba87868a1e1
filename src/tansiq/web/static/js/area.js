/* [data-area="/area/understood"]: says under the inputs what was understood of an area, and draws it on the map of the form.
   A click, or Enter for the middle of the map, adds a position; one is dragged, or chosen with Tab and moved with the arrow keys, and
   Delete takes it out. The lines of the text are the positions: whoever has no script types them. */
(() => {
  "use strict";
  const WAIT_MS = 400, E7 = 1e7, PARTED = /[\n;؛]/, STEP_PX = 10;

  function watch(box) {
    const lines = box.querySelector("[data-area-lines]"), said = box.querySelector("[data-understood]");
    const pick = box.querySelector("[data-pick]"), inputs = [...box.querySelectorAll("input, textarea")];
    const part = (name) => box.querySelector('[name$="-' + name + '"]:checked, [name$="-' + name + '"]:not([type="radio"])').value;
    let timer = 0, asked = 0, plan = null;

    const read = () => {
      const told = said.querySelector("[data-area-read]");
      try { return told ? JSON.parse(told.dataset.areaRead) : null; } catch { return null; }
    };
    const written = () => lines.value.split(PARTED).map((line) => line.trim()).filter(Boolean);
    const text = (at) => at.lat.toFixed(5) + ", " + at.lng.toFixed(5);
    function write(all) {
      lines.value = all.join("\n");
      lines.dispatchEvent(new Event("input", { bubbles: true }));
    }
    async function ask() {
      const mine = ++asked, query = new URLSearchParams();
      for (const name of ["shape", "name", "positions", "metres"]) query.set(name, part(name));
      try {
        const reply = await fetch(box.dataset.area + "?" + query, { headers: { "X-Live": "1" }, credentials: "same-origin" });
        if (!reply.ok || reply.redirected || mine !== asked) return;
        said.replaceChildren(...new DOMParser().parseFromString(await reply.text(), "text/html").body.childNodes);
        if (plan) plan();
      } catch { /* the bar says that the link is down; it is asked again when the form is saved */ }
    }
    for (const input of inputs) input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
    if (!pick) return;
    pick.hidden = false;
    pick.addEventListener("toggle", () => { if (pick.open) load(pick); }, { once: true });

    pick.addEventListener("tansiq:map", (event) => {
      const { map, shape } = event.detail, L = window.L, layer = L.layerGroup().addTo(map), place = pick.querySelector("[data-map]");
      let focus = -1, fitted = false;
      const put = (n, at) => {
        const all = written();
        all[n] = text(at);
        write(all);
      };
      const add = (at) => {
        const all = part("shape") === "circle" ? [] : written();
        focus = all.length;
        fitted = true;
        write([...all, text(at)]);
      };
      function marker(at, n) {
        const says = (pick.dataset.position || "{n}").replace("{n}", n + 1) + ": " + text({ lat: at[0], lng: at[1] });
        const one = L.marker(at, {
          draggable: true, keyboard: true, title: says, alt: says, icon: L.divIcon({ className: "corner", html: String(n + 1), iconSize: [26, 26] }),
        }).addTo(layer);
        one.on("dragend", () => put(n, one.getLatLng()));
        one.getElement().setAttribute("aria-label", says);
        one.getElement().addEventListener("keydown", (key) => {
          const by = { ArrowUp: [0, -STEP_PX], ArrowDown: [0, STEP_PX], ArrowLeft: [-STEP_PX, 0], ArrowRight: [STEP_PX, 0] }[key.key];
          if (by) {
            focus = n;
            put(n, map.containerPointToLatLng(map.latLngToContainerPoint(one.getLatLng()).add(by)));
          } else if (key.key === "Delete" || key.key === "Backspace") write(written().filter((_, at) => at !== n));
          else return;
          key.preventDefault();
          key.stopPropagation();
        });
        if (n === focus) { one.getElement().focus(); focus = -1; }
      }
      plan = () => {
        const told = read(), kept = document.activeElement;
        const known = told ? told.positions.filter(Boolean) : [];
        if (known.length && !fitted) {
          fitted = true; // once, and before the map moves: who draws moves it himself
          map.fitBounds(L.latLngBounds(known.map((at) => [at[0] / E7, at[1] / E7])), { maxZoom: 10, padding: [60, 60], animate: false });
        }
        layer.clearLayers();
        if (!told) return;
        if (known.length) shape({ ...told, positions: known }).forEach((one) => one.addTo(layer));
        told.positions.forEach((at, n) => { if (at) marker([at[0] / E7, at[1] / E7], n); });
        if (kept && document.contains(kept) && document.activeElement !== kept && kept !== document.body) kept.focus();
      };
      map.on("click", (click) => add(click.latlng));
      map.on("zoomend", plan);
      place.addEventListener("keydown", (key) => {
        if (key.key !== "Enter" || key.target !== place) return;
        key.preventDefault();
        add(map.getCenter());
      });
      plan();
    });
  }

  function load(pick) {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: pick.dataset.style });
    document.head.append(sheet);
    for (const src of pick.dataset.scripts.split(" "))
      document.head.append(Object.assign(document.createElement("script"), { src, async: false })); // in their order
  }

  document.querySelectorAll("[data-area]").forEach(watch);
})();
