/* A draft of an edition that stands no more (draft.js) is shown beside the newer one and never over it: [data-draft-stale]. */
(() => {
  "use strict";
  const old = window.tansiq.stale;
  const told = old && old.form.querySelector("[data-draft-stale]");
  if (!told) return;
  const at = told.querySelector("[data-draft-time]");
  if (at) at.textContent = window.tansiq.time(old.draft.at);
  told.hidden = false;
  told.querySelector("[data-draft-compare]").addEventListener("click", () => {
    old.write(old.form, old.draft.values);
    old.form.elements.base.value = old.draft.base || "";
    const act = document.createElement("input");
    Object.assign(act, { type: "hidden", name: "act", value: "compare" });
    old.form.append(act);
    old.form.submit();
  });
  told.querySelector("[data-draft-forget]").addEventListener("click", () => {
    old.discard();
    told.hidden = true;
  });
})();
