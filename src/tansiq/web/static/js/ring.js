/* The alarm of every page: [data-alerts] = how much waits (the title repeats it), [data-ring] = rings until it is gone,
   [data-chime] = sounds once. No sound before the first key or click, and of one browser's pages one alone sounds. */
(() => {
  "use strict";
  const root = document.documentElement, region = document.querySelector("[data-alerts-region]");
  if (!region) return;
  const EVERY_MS = 4000, PITCH = { high: 880, low: 440, off: 0 };
  const CHOICE = "tansiq.sound." + root.dataset.seat, CHIMED = "tansiq.chimed";
  const bar = () => region.querySelector(".alerts");
  const count = () => { const { alerts } = bar().dataset; return alerts ? "(" + alerts + ") " : ""; };
  const plain = document.title.slice(count().length);
  let audio = null, alone = false, timer = 0;

  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { } };
  const choice = () => { const said = kept(CHOICE); return said in PITCH ? said : "high"; };
  const may = () => audio && audio.state === "running" && choice() !== "off";

  function tone(pitch, at) {
    const source = audio.createOscillator(), level = audio.createGain();
    source.frequency.value = pitch;
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(0.3, at + 0.02);
    level.gain.setValueAtTime(0.3, at + 0.17);
    level.gain.linearRampToValueAtTime(0, at + 0.2);
    source.connect(level).connect(audio.destination);
    source.start(at);
    source.stop(at + 0.2);
  }
  function sound() {
    const pitch = PITCH[choice()];
    for (const n of [0, 1, 2]) tone(n === 1 ? pitch * 1.25 : pitch, audio.currentTime + n * 0.25);
    root.dataset.sounded = String(Number(root.dataset.sounded || 0) + 1);
  }

  function ring() {
    clearTimeout(timer);
    timer = 0;
    const { ring: rings, chime } = bar().dataset;
    if (chime === undefined || !alone || !may()) return;
    if (rings !== undefined) timer = setTimeout(ring, EVERY_MS);
    else if (kept(CHIMED) === chime) return;
    keep(CHIMED, chime);
    sound();
  }
  function look() {
    document.title = count() + plain;
    root.dataset.sound = choice() === "off" ? "off" : may() ? "on" : "waits";
    for (const box of document.querySelectorAll("[data-sound-choice]")) box.value = choice();
    if (!timer || bar().dataset.ring === undefined) ring();
  }

  // Whose turn it is to sound, the browser knows: when that page goes, the next has it. A hidden page
  // that has it keeps its line (live.js).
  const mine = () => { alone = window.tansiq.keeps = true; look(); };
  // Escape and the first touch are no leave to sound: a browser complains of who asks without one.
  function wake() {
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
    if (!audio) {
      if (!window.AudioContext) return;
      audio = new AudioContext();
      audio.onstatechange = look;
      if (!navigator.locks) mine();
      else navigator.locks.request("tansiq.ring", () => { mine(); return new Promise(() => { }); }).catch(mine);
    }
    if (audio.state === "suspended") audio.resume();
  }
  for (const name of ["keydown", "pointerdown", "pointerup"]) addEventListener(name, wake, { capture: true, passive: true });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-sound-choice]")) return;
    keep(CHOICE, event.target.value);
    look();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sound-try]") && may()) sound();
  });

  // Heard and noted without leaving the page: somebody may be typing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-alert-act]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => { }).then(() => region.refresh());
  });

  addEventListener("storage", look);
  new MutationObserver(look).observe(region, { childList: true, subtree: true, attributes: true });
  look();
})();
