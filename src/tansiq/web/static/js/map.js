/* The map. <div class="map" dir="ltr" data-map data-topic data-src="/map/data" data-basemap="…">; words from #map-words, labels from
   #places (both <script type="application/json">). The list below it holds the same rows: [data-show]. With data-fill="id" in place of
   data-src it draws no rows: a click, or Enter for its middle, writes the coordinates into that input. Other scripts hear
   "tansiq:map" with the map, what draws the shape of an area, and what asks for the rows again. */
(() => {
  "use strict";
  const box = document.querySelector("[data-map]");
  if (!box || !window.L) return;
  const L = window.L;
  const root = document.documentElement;
  const rtl = root.dir === "rtl";
  const json = (id, or) => {
    const el = document.getElementById(id);
    try { return el ? JSON.parse(el.textContent) : or; } catch { return or; }
  };
  const words = json("map-words", {});
  const RANK = { routine: 0, urgent: 1, flash: 2 };
  const RADIUS = { about: 2500, area: 8000 }; // metres, when a point does not bring its own radius_m
  const E7 = 1e7, STACK = 18, LISTED = 12; // pixels between two marks; and records that a popup names

  const view = (box.dataset.view || "35.3,44.2,7").split(",").map(Number);
  const map = L.map(box, {
    zoomControl: false, attributionControl: false, preferCanvas: true, zoomSnap: 0.5, zoomDelta: 1, minZoom: 5, maxZoom: 13,
    maxBounds: [[26, 34], [41.5, 53.5]], maxBoundsViscosity: 0.7,
    fadeAnimation: false, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  }).setView([view[0], view[1]], view[2]);
  L.control.zoom({ position: rtl ? "topright" : "topleft", zoomInTitle: words.zoom_in || "+", zoomOutTitle: words.zoom_out || "-" }).addTo(map);
  L.control.scale({ position: rtl ? "bottomright" : "bottomleft", imperial: false }).addTo(map);

  let ink = {};
  const colours = () => {
    const css = getComputedStyle(root);
    for (const name of ["flash", "urgent", "routine", "paper", "map-land", "map-water", "map-river", "map-border", "map-line", "map-ink", "map-halo"])
      ink[name] = css.getPropertyValue("--" + name).trim();
  };
  colours();

  // Basemap: one canvas below everything.
  const pane = (name, z) => {
    const p = map.createPane(name);
    p.style.zIndex = z;
    p.style.pointerEvents = "none";
    return L.canvas({ pane: name, padding: 0.3 });
  };
  const ground = pane("ground", 210);
  const base = [];
  const style = {
    water: () => ({ stroke: false, fill: true, fillColor: ink["map-water"], fillOpacity: 1, fillRule: "evenodd" }),
    rivers: () => ({ color: ink["map-river"], weight: 1.2 }),
    lines: () => ({ color: ink["map-line"], weight: 1, dashArray: "3 4" }),
    borders: () => ({ color: ink["map-border"], weight: 1.4 }),
  };
  function decode(list, scale) {
    let x = 0, y = 0;
    const out = [];
    for (let i = 0; i < list.length; i += 2) out.push([(y += list[i + 1]) / scale, (x += list[i]) / scale]);
    return out;
  }
  fetch(box.dataset.basemap).then((r) => r.json()).then((b) => {
    for (const name of ["water", "rivers", "lines", "borders"]) {
      const lines = b[name].map((l) => decode(l, b.scale));
      const options = { renderer: ground, interactive: false, smoothFactor: 1.2, ...style[name]() };
      base.push([name, (name === "water" ? L.polygon(lines.map((l) => [l]), options) : L.polyline(lines, options)).addTo(map)]);
    }
  }).catch(() => { /* points and names still show */ });

  // Place names: canvas text, because the browser shapes Sorani right.
  const Names = L.Layer.extend({
    onAdd() {
      this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide");
      this.canvas.setAttribute("aria-hidden", "true");
      map.getPane("names").appendChild(this.canvas);
      map.on("moveend zoomend resize viewreset", this.draw, this);
      this.draw();
    },
    draw() {
      const size = map.getSize(), ratio = window.devicePixelRatio || 1, c = this.canvas;
      L.DomUtil.setPosition(c, map.containerPointToLayerPoint([0, 0]));
      c.width = size.x * ratio;
      c.height = size.y * ratio;
      c.style.width = size.x + "px";
      c.style.height = size.y + "px";
      const g = c.getContext("2d");
      g.scale(ratio, ratio);
      g.font = "500 13px " + getComputedStyle(box).fontFamily;
      g.direction = rtl ? "rtl" : "ltr";
      g.textAlign = "center";
      g.lineJoin = "round";
      g.lineWidth = 3.5;
      const taken = [];
      for (const [lat, lon, name, zoom] of names) {
        if (map.getZoom() < (zoom || 0)) continue;
        const p = map.latLngToContainerPoint([lat / E7, lon / E7]);
        const w = g.measureText(name).width / 2 + 3;
        const r = [p.x - w, p.y - 20, p.x + w, p.y + 4];
        if (r[2] < 0 || r[0] > size.x || r[3] < 0 || r[1] > size.y) continue;
        if (taken.some((t) => r[0] < t[2] && r[2] > t[0] && r[1] < t[3] && r[3] > t[1])) continue;
        taken.push(r);
        g.strokeStyle = ink["map-halo"];
        g.strokeText(name, p.x, p.y - 7);
        g.fillStyle = ink["map-ink"];
        g.fillText(name, p.x, p.y - 7);
        g.fillRect(p.x - 1.5, p.y - 1.5, 3, 3);
      }
    },
  });
  let names = json("places", []);
  map.createPane("names").style.zIndex = 390;
  map.getPane("names").style.pointerEvents = "none";
  const labels = new Names().addTo(map);
  if (document.fonts) document.fonts.ready.then(() => labels.draw());

  // Points: shape and colour say severity, the ring says how well the place is known.
  const Mark = L.CircleMarker.extend({
    _updatePath() {
      const r = this._renderer;
      if (!r._drawing || this._empty()) return;
      const g = r._ctx, { x, y } = this._point, s = this._radius, kind = this.options.severity;
      g.beginPath();
      if (kind === "flash") { g.moveTo(x, y - s * 1.25); g.lineTo(x + s * 1.25, y); g.lineTo(x, y + s * 1.25); g.lineTo(x - s * 1.25, y); g.closePath(); }
      else if (kind === "urgent") { g.moveTo(x, y - s * 1.1); g.lineTo(x + s * 1.15, y + s * 0.9); g.lineTo(x - s * 1.15, y + s * 0.9); g.closePath(); }
      else g.arc(x, y, s, 0, 2 * Math.PI);
      r._fillStroke(g, this);
      if (!this.options.count) return;
      g.fillStyle = ink.paper;
      g.font = "700 12px " + getComputedStyle(box).fontFamily;
      g.textAlign = "center";
      g.textBaseline = "middle";
      g.fillText(this.options.count, x, y + (kind === "urgent" ? s * 0.25 : 0));
    },
  });
  const rings = pane("rings", 380), marks = L.canvas({ pane: "overlayPane", padding: 0.3, tolerance: 6 });
  const layer = L.layerGroup().addTo(map);

  // The shape of an area: a circle, a corridor as wide as it is on the ground at this zoom, or a polygon.
  function shape(area, colour) {
    const at = area.positions.map(([lat, lon]) => [lat / E7, lon / E7]), paint = colour || ink.routine;
    const line = { renderer: rings, interactive: false, color: paint, weight: 2 };
    const coarse = area.grain && area.grain !== "exact" ? { dashArray: "5 4" } : {};
    if (area.shape === "circle") return [L.circle(at[0], { ...line, ...coarse, radius: area.metres, fillOpacity: 0.12 })];
    if (area.shape === "polygon" && at.length > 2) return [L.polygon(at, { ...line, fillOpacity: 0.12 })];
    const one = map.latLngToLayerPoint(at[0]), other = map.latLngToLayerPoint([at[0][0] + 0.1, at[0][1]]);
    const width = (area.metres / 11132) * Math.abs(one.y - other.y); // a tenth of a degree of latitude is 11,132 m
    const wide = { ...line, weight: Math.max(4, width), opacity: 0.28, lineCap: "round", lineJoin: "round" };
    return area.metres ? [L.polyline(at, wide), L.polyline(at, line)] : [L.polyline(at, line)];
  }
  let points = new Map(), back = null, asked = 0, wanted = null, last = null;

  function popup(p) {
    const el = L.DomUtil.create("div");
    el.dir = root.dir || "ltr";
    const line = (tag, text, dir) => {
      const x = L.DomUtil.create(tag, "", el);
      x.textContent = text;
      if (dir) x.dir = dir;
      return x;
    };
    if (p.many) {
      line("p", (words.cluster || "{n}").replace("{n}", p.many.length)).className = "strong";
      for (const one of p.many.slice(0, LISTED)) {
        const row = line("p", ""), a = L.DomUtil.create("a", "", row);
        a.href = one.url;
        a.dir = "ltr";
        a.textContent = one.ref;
        const title = L.DomUtil.create("span", "", row);
        title.dir = "auto";
        title.textContent = " " + one.title;
      }
      if (p.many.length > LISTED) line("p", (words.more || "+{n}").replace("{n}", p.many.length - LISTED)).className = "muted small";
      return el;
    }
    const sev = line("p", words[p.severity] || p.severity);
    sev.className = "sev sev-" + p.severity;
    line("p", p.title, "auto");
    if (words[p.precision]) line("p", words[p.precision]).className = "muted small";
    const a = L.DomUtil.create("a", "", L.DomUtil.create("p", "", el));
    a.href = p.url;
    a.dir = "ltr";
    a.textContent = p.ref;
    return el;
  }
  function choose(id) {
    for (const row of document.querySelectorAll(".map-twin tr[id]")) row.classList.toggle("selected", row.id === "x" + id);
  }
  function open(p, from) {
    map.closePopup();
    back = from || null;
    choose(p.id);
    L.popup({ autoPanPadding: [24, 24], closeButton: true, maxWidth: 280 }).setLatLng([p.lat / E7, p.lon / E7]).setContent(popup(p)).openOn(map);
    const close = box.querySelector(".leaflet-popup-close-button");
    if (close && words.close) close.setAttribute("aria-label", words.close);
    if (from) box.querySelector(".leaflet-popup-content a").focus();
  }
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  map.on("popupclose", () => {
    choose(null);
    if (back) back.focus();
    back = null;
  });

  // Marks that would cover one another are one, with their count; the gravest gives its shape.
  function stacks() {
    const found = [], near = new Map();
    const place = (p) => map.latLngToLayerPoint([p.lat / E7, p.lon / E7]);
    const sorted = [...points.values()].sort((a, b) => (RANK[b.severity] || 0) - (RANK[a.severity] || 0));
    for (const p of sorted) {
      const at = place(p), x = Math.floor(at.x / STACK), y = Math.floor(at.y / STACK);
      let stack = null;
      for (let dx = -1; dx <= 1; dx++) for (let dy = -1; dy <= 1; dy++) for (const one of near.get(x + dx + ":" + (y + dy)) || [])
        if (!stack && Math.hypot(one.at.x - at.x, one.at.y - at.y) < STACK) stack = one.many;
      if (stack) { stack.push(p); continue; }
      const many = [p], key = x + ":" + y;
      found.push(many);
      near.set(key, [...(near.get(key) || []), { at, many }]);
    }
    return found.reverse();
  }

  function draw(data) {
    last = data;
    if (data.places && data.places.length) { names = data.places; labels.draw(); }
    layer.clearLayers();
    points = new Map((data.points || []).map((p) => [p.id, p]));
    for (const p of points.values()) {
      const at = [p.lat / E7, p.lon / E7], colour = ink[p.severity] || ink.routine;
      if (p.area) shape(p.area, colour).forEach((one) => one.addTo(layer));
      else if (p.precision !== "exact")
        L.circle(at, { renderer: rings, interactive: false, radius: p.radius_m || RADIUS[p.precision] || RADIUS.about, color: colour,
          weight: 1.5, dashArray: p.precision === "about" ? "5 4" : null, fillOpacity: p.precision === "area" ? 0.16 : 0.05 }).addTo(layer);
    }
    for (const many of stacks()) {
      const p = many[0], top = many.length > 1 ? { ...p, id: null, many } : p;
      new Mark([p.lat / E7, p.lon / E7], { renderer: marks, radius: many.length > 1 ? 11 : 7, severity: p.severity, color: ink.paper, weight: 1.5,
        fillColor: ink[p.severity] || ink.routine, fillOpacity: 1, count: many.length > 1 ? many.length : 0 })
        .on("click", () => { if (!box.dataset.mode) open(top); }).addTo(layer);
    }
    for (const [lat, lon, count, severity] of data.cells || []) {
      const name = typeof severity === "string" ? severity : Object.keys(RANK)[severity] || "routine";
      const size = count > 999 ? 52 : count > 99 ? 44 : count > 9 ? 38 : 32;
      const says = (words.cluster || "{n}").replace("{n}", count) + ", " + (words[name] || name);
      const m = L.marker([lat / E7, lon / E7], {
        keyboard: true, title: says, alt: says,
        icon: L.divIcon({ className: "cluster cluster-" + name, html: String(Number(count)), iconSize: [size, size] }),
      }).addTo(layer);
      m.getElement().setAttribute("aria-label", says);
      m.on("click", () => map.setView(m.getLatLng(), Math.min(map.getZoom() + 2, map.getMaxZoom())));
    }
    if (wanted && points.has(wanted.id)) { open(points.get(wanted.id), wanted.from); wanted = null; }
  }

  const input = document.getElementById(box.dataset.fill || "");
  if (input) {
    let mark = null;
    const fill = (where) => {
      mark = mark || L.circleMarker(where, { radius: 8, weight: 3, color: ink.flash }).addTo(map);
      mark.setLatLng(where);
      input.value = where.lat.toFixed(4) + ", " + where.lng.toFixed(4);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    map.on("click", (event) => fill(event.latlng));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      fill(map.getCenter());
    });
  }

  async function load() {
    if (!box.dataset.src) return;
    const b = map.getBounds(), mine = ++asked;
    const edge = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((v) => v.toFixed(4)).join(",");
    const src = box.dataset.src;
    try {
      const reply = await fetch(src + (src.includes("?") ? "&" : "?") + "bbox=" + edge + "&z=" + Math.floor(map.getZoom()),
        { headers: { "X-Live": "1" }, credentials: "same-origin" });
      if (reply.ok && !reply.redirected && mine === asked) draw(await reply.json());
    } catch { /* the bar says that the link is down; what is drawn stays */ }
  }
  let soon = 0;
  const later = () => { clearTimeout(soon); soon = setTimeout(load, 150); };
  map.on("moveend", () => { if (!map._popup || !map._popup.isOpen()) later(); });
  map.on("popupclose", later);
  load();

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (!button) return;
    const id = button.dataset.show, p = points.get(id);
    const lat = p ? p.lat : Number(button.dataset.lat), lon = p ? p.lon : Number(button.dataset.lon);
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return;
    map.closePopup();
    map.setView([lat / E7, lon / E7], Math.max(map.getZoom(), 9), { animate: false });
    if (p) open(p, button);
    else { wanted = { id, from: button }; load(); }
    box.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("tansiq:topics", (event) => {
    if (event.detail === null || event.detail.includes(box.dataset.topic)) later();
  });
  if (!input) box.dispatchEvent(new CustomEvent("tansiq:map", { bubbles: true, detail: { map, shape, again: later, words } }));
  function repaint() {
    colours();
    for (const [name, shape] of base) shape.setStyle(style[name]());
    labels.draw();
    if (last) draw(last);
  }
  document.addEventListener("tansiq:theme", repaint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
})();
