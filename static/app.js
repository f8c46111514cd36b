// An enhancement only: every page and every action works without this file.

(() => {
  "use strict";

  // After a form came back with mistakes, the summary is what to read first (GOV.UK error summary).
  const focusSummary = (root) => root.querySelector(".error-summary")?.focus();

  // A fragment that never came: the page says so where it says every other problem.
  const tellNoAnswer = () => {
    const place = document.getElementById("problem");
    const words = document.getElementById("no-answer");
    if (place && words) place.replaceChildren(words.content.cloneNode(true));
  };

  // The session is over, and what the page shows must not stay on the screen. Without input the sign-in page
  // takes its place, as the answer asks for; with input, the form alone stays.
  const begun = new WeakSet();
  const guardInput = (event) => {
    const { elt, xhr } = event.detail;
    if (elt.id !== "session" || !xhr.getResponseHeader("hx-redirect")) return;
    const form = [...document.querySelectorAll("main form")].find((it) => begun.has(it));
    if (!form) return;
    event.preventDefault();
    const words = document.getElementById("session-over").content.cloneNode(true);
    document.querySelector("main").replaceChildren(document.getElementById("problem"), words, form);
  };

  // What went wrong before is over once an answer arrives.
  const forget = (event) => {
    if (event.detail.successful) document.getElementById("problem")?.replaceChildren();
  };

  // Single keys, for those who want them (WCAG 2.1.4). The sheet on the page says which, and what they do.
  let firstKey = "";
  const isTyping = (it) => it.closest("input:not([type=checkbox], [type=radio]), select, textarea");
  const moveRow = (rows, step) => {
    const present = rows.findIndex((it) => it.contains(document.activeElement));
    const row = rows[present < 0 ? 0 : Math.min(Math.max(present + step, 0), rows.length - 1)];
    row.querySelector("th a")?.focus();
  };
  const act = ({ target, row }) => {
    const found = [...document.querySelectorAll(target)];
    if (found.length === 0) return;
    if (row === "pick") found.find((it) => it.contains(document.activeElement))?.querySelector("[type=checkbox]")?.click();
    else if (row) moveRow(found, row === "next" ? 1 : -1);
    else if (found[0].popover) found[0].togglePopover();
    else if (found[0].matches("a")) found[0].click();
    else found[0].focus();
  };
  const pressKey = (event) => {
    const { ctrlKey, metaKey, altKey, isComposing, key, target } = event;
    if (ctrlKey || metaKey || altKey || isComposing || isTyping(target)) return;
    const known = [...document.querySelectorAll("#shortcut-sheet [data-keys]")].map((it) => it.dataset);
    const keys = `${firstKey} ${key}`.trim();
    const shortcut = known.find((it) => it.keys === keys);
    firstKey = known.some((it) => it.keys.startsWith(`${key} `)) ? key : "";
    if (!shortcut) return;
    firstKey = "";
    event.preventDefault();
    act(shortcut);
  };

  // A scanner presses Enter after each label. In a form that one fills in, Enter goes on to the link while there is
  // none; where the carrier's own link will be filled in, the number was the last field.
  const goOn = (event) => {
    const field = event.target;
    if (event.key !== "Enter" || !field.dataset?.next || !field.form?.matches("[data-scan]")) return;
    const next = document.getElementById(field.dataset.next);
    const linked = field.closest("fieldset").querySelector("option[data-link]:checked");
    if (!field.value.trim() || !next || next.value || linked) return;
    event.preventDefault();
    next.focus();
  };

  // A scan that failed is heard, on a station where somebody switched that on.
  const SOUND = "scan-sound";
  const soundIsOn = () => localStorage.getItem(SOUND) === "on";
  const tone = () => {
    const audio = new AudioContext();
    const [source, volume] = [audio.createOscillator(), audio.createGain()];
    [source.type, source.frequency.value, volume.gain.value] = ["square", 220, 0.2];
    source.connect(volume).connect(audio.destination);
    source.start();
    source.stop(audio.currentTime + 0.4);
  };
  const offerSound = () => {
    const button = document.querySelector("[data-sound]");
    if (!button) return;
    const tell = () => {
      button.textContent = soundIsOn() ? button.dataset.soundOn : button.dataset.soundOff;
    };
    button.addEventListener("click", () => {
      localStorage.setItem(SOUND, soundIsOn() ? "off" : "on");
      tell();
      if (soundIsOn()) tone();
      document.getElementById("scan").focus();
    });
    button.hidden = false;
    tell();
    if (document.getElementById("failed") && soundIsOn()) tone();
  };

  focusSummary(document);
  document.addEventListener("keydown", pressKey);
  offerSound();
  document.addEventListener("keydown", goOn);
  document.addEventListener("input", (event) => event.target.form && begun.add(event.target.form));
  document.addEventListener("htmx:beforeOnLoad", guardInput);
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.detail.target));
  document.addEventListener("htmx:sendError", tellNoAnswer);
  document.addEventListener("htmx:timeout", tellNoAnswer);
  document.addEventListener("htmx:afterRequest", forget);
})();
