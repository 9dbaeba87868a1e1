/* <form data-take-back="until">: how long a release is still held back; what has left is offered no more. */
(() => {
  "use strict";
  const look = () => {
    for (const form of document.querySelectorAll("form[data-take-back]"))
      if (Number(form.dataset.takeBack) <= window.tansiq.now()) form.remove();
  };
  setInterval(look, 500);
})();
