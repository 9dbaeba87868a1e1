/* [data-place="/place/understood"]: says under the inputs what was understood of them; a town that may be meant is taken by a press,
   coordinates by a click on the map or by Enter at its middle. */
(() => {
  "use strict";
  const WAIT_MS = 400;

  function watch(box) {
    const name = box.querySelector("[data-place-name]"), at = box.querySelector("[data-place-at]");
    const said = box.querySelector("[data-understood]"), pick = box.querySelector("[data-pick]");
    let timer = 0, asked = 0;
    async function ask() {
      const mine = ++asked, query = new URLSearchParams({ name: name.value, at: at.value });
      try {
        const reply = await fetch(box.dataset.place + "?" + query, { headers: { "X-Live": "1" }, credentials: "same-origin" });
        if (!reply.ok || reply.redirected || mine !== asked) return;
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        said.replaceChildren(...page.body.childNodes);
      } catch { /* the bar says that the link is down; it is asked again when the form is saved */ }
    }
    box.addEventListener("input", (event) => {
      if (event.target !== name && event.target !== at) return;
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    box.addEventListener("click", (event) => {
      const meant = event.target.closest("[data-meant]");
      if (!meant) return;
      name.value = meant.dataset.meant;
      name.dispatchEvent(new Event("input", { bubbles: true }));
      name.focus();
    });
    if (!pick) return;
    pick.hidden = false;
    pick.addEventListener("toggle", () => { if (pick.open) load(pick); }, { once: true });
  }

  function load(pick) {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: pick.dataset.style });
    document.head.append(sheet);
    for (const src of pick.dataset.scripts.split(" "))
      document.head.append(Object.assign(document.createElement("script"), { src, async: false })); // in their order
  }

  document.querySelectorAll("[data-place]").forEach(watch);
})();
