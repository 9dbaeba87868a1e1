/* <div data-when="choice" data-when-in="codes">: what a form asks for only when a choice has one of these codes. Nothing that was filled in or refused is ever hidden. */
(() => {
  "use strict";
  const given = (field) => field.type === "checkbox" || field.type === "radio" ? field.checked : field.type !== "hidden" && field.value !== "" && (field.tagName !== "SELECT" || field.options[0].value === "");
  for (const form of document.querySelectorAll("form")) {
    const parts = [...form.querySelectorAll("[data-when]")];
    if (!parts.length) continue;
    const look = () => {
      for (const part of parts) {
        const asked = part.dataset.whenIn.split(" ").includes(form.elements[part.dataset.when].value);
        const filled = [...part.querySelectorAll("input, select, textarea")].some(given);
        part.hidden = !asked && !filled && !part.querySelector(".has-error");
      }
    };
    form.addEventListener("input", look);
    form.addEventListener("change", look);
    look();
  }
})();
