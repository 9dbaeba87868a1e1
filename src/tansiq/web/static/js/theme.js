/* [data-theme-set] buttons; the choice is the cookie `theme`, which the server writes into <html data-theme>. */
(() => {
  "use strict";
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll("[data-theme-set]")];
  const show = (theme) => {
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.themeSet === theme));
  };
  for (const b of buttons) {
    b.addEventListener("click", (event) => {
      event.preventDefault();
      const theme = b.dataset.themeSet;
      if (theme === "auto") root.removeAttribute("data-theme");
      else root.dataset.theme = theme;
      document.cookie =
        "theme=" + theme + "; path=/; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
      show(theme);
      document.dispatchEvent(new Event("tansiq:theme"));
    });
  }
  show(root.dataset.theme || "auto");
})();
