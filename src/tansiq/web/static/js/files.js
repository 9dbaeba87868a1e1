/* Files are chosen in the words of the page: [data-chooser] with a native input, [data-choose] and [data-chosen data-none]. */
(() => {
  "use strict";
  for (const chooser of document.querySelectorAll("[data-chooser]")) {
    const input = chooser.querySelector("input"), told = chooser.querySelector("[data-chosen]");
    const tell = () => {
      told.textContent = [...input.files].map((file) => "\u2068" + file.name + "\u2069").join(" · ") || told.dataset.none;
    };
    chooser.dataset.chooser = "on";
    input.addEventListener("change", tell);
    tell();
  }
})();
