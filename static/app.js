// An enhancement only: every page and every action works without this file.

(() => {
  "use strict";

  // After a form came back with mistakes, the summary is what to read first (GOV.UK error summary).
  const focusSummary = (root) => root.querySelector(".error-summary")?.focus();

  // A fragment that never came: the page says so where it says every other problem. Of a form, that it is not sent
  // and still there: whoever sends it again sends the same submission, which counts once.
  const tellNoAnswer = (event) => {
    const { elt, requestConfig } = event.detail;
    const form = requestConfig?.verb === "post" && elt?.matches?.("form");
    const place = document.getElementById("problem");
    const words = document.getElementById(form ? "not-sent" : "no-answer");
    if (!place || !words) return;
    place.replaceChildren(words.content.cloneNode(true));
    if (form) place.scrollIntoView({ block: "nearest" });
  };

  // The session is over, and what the page shows must not stay on the screen. Without input the sign-in page
  // takes its place, as the answer asks for; with input, the form alone stays.
  const begun = new WeakSet();
  const guardInput = (event) => {
    const { elt, xhr } = event.detail;
    if (!["session", "claim", "updates"].includes(elt.id) || !xhr.getResponseHeader("hx-redirect")) return;
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
    // Some scanners press Enter twice: the second one lands here, before the label.
    if (!field.value.trim()) return event.preventDefault();
    if (!next || next.value || linked) return;
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

  // Something changed somewhere: the page is told so, and asks what. Nothing on it moves. Several changes at once are
  // one question. Where nobody can tell, it asks from time to time.
  const SOON = 2000, SOMETIMES = 30000;
  const ask = () => document.getElementById("updates")?.dispatchEvent(new CustomEvent("updates"));
  let stream, soon, sometimes;
  const askSoon = () => { soon ??= setTimeout(() => { soon = undefined; ask(); }, SOON); };
  const askSometimes = () => { sometimes ??= setInterval(ask, SOMETIMES); };
  const stopListening = () => {
    stream?.close();
    clearInterval(sometimes);
    stream = sometimes = undefined;
  };
  // A page that nobody sees takes no connection: browsers have few for one place.
  const listen = () => {
    stopListening();
    const place = document.getElementById("updates");
    if (!place || document.hidden) return;
    askSometimes();
    if (!window.EventSource) return;
    let before = false;
    stream = new EventSource(place.dataset.stream);
    stream.addEventListener("ready", () => {
      clearInterval(sometimes);
      sometimes = undefined;
      // Nobody listened between the last end and this beginning.
      if (before) askSoon();
      before = true;
      place.dataset.live = "";
    });
    stream.addEventListener("orders", askSoon);
    stream.addEventListener("error", () => { if (stream?.readyState === EventSource.CLOSED) askSometimes(); });
  };
  const comeBack = () => {
    listen();
    if (!document.hidden) askSoon();
  };

  // How much is new stands in the title of the tab too.
  const titled = () => {
    const news = document.querySelector("#news [data-count]")?.dataset.count;
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = news ? `(${news}) ${title}` : title;
  };

  // What is typed into a form that says `data-keep` outlives a reload, in this tab alone: forms without anything
  // about a customer (docs/PRIVACY.md). It goes when the form is taken, when somebody signs out, and with the tab.
  const DRAFT = "draft:";
  const store = (() => { try { return window.sessionStorage; } catch { return undefined; } })();
  const draftOf = (path) => DRAFT + (document.getElementById("session")?.dataset.user ?? "") + ":" + path;
  const submissionOf = (form) => form.querySelector("input[name=submission]");
  const kept = (root) => root.querySelector?.("form[data-keep]");
  // The submission that a restored form was born with. Once something is typed, it is another form.
  const reborn = new WeakMap();
  const keepDraft = (form) => {
    const typed = [...form.elements].filter((it) => it.name && !["hidden", "submit", "button"].includes(it.type));
    const field = (it) => ({ name: it.name, value: it.value, type: it.type, checked: it.checked });
    const draft = { submission: submissionOf(form)?.value, fields: typed.map(field) };
    try { store?.setItem(draftOf(new URL(form.action).pathname), JSON.stringify(draft)); } catch { /* It is full. */ }
  };
  const fillIn = (form, { name, value, type, checked }) => {
    const choice = type === "checkbox" || type === "radio";
    const same = (it) => it.name === name && it.type === type && (!choice || it.value === value);
    const field = [...form.elements].find(same);
    if (!field || (choice ? field.checked === checked : field.value === value)) return false;
    if (choice) field.checked = checked; else field.value = value;
    return true;
  };
  const restoreDraft = () => {
    const form = kept(document);
    const stored = form && store?.getItem(draftOf(new URL(form.action).pathname));
    // What came back from us is newer than what was kept here.
    if (!stored || form.querySelector(".error-summary, .notice[role=alert]")) return;
    const { submission, fields } = JSON.parse(stored);
    if (!fields.map((it) => fillIn(form, it)).some(Boolean)) return;
    const born = submissionOf(form);
    if (born && submission) {
      reborn.set(form, born.value);
      born.value = submission;
    }
    const words = document.getElementById("restored");
    if (words) form.prepend(words.content.cloneNode(true));
  };
  const typed = (event) => {
    const form = event.target.form;
    if (!form) return;
    begun.add(form);
    if (!form.matches("[data-keep]")) return;
    if (reborn.has(form)) {
      submissionOf(form).value = reborn.get(form);
      reborn.delete(form);
    }
    keepDraft(form);
  };
  // The answer to a form is another page: it was taken. The same page again may be the form with another parcel.
  const dropDraft = (event) => {
    // The form may be gone from the page, and the event is then another element's.
    const { successful, requestConfig, xhr } = event.detail;
    const form = requestConfig?.elt;
    if (!successful || requestConfig.verb !== "post" || !form.matches("form") || !xhr.responseURL) return;
    const path = new URL(form.action).pathname;
    if (new URL(xhr.responseURL).pathname !== path) store?.removeItem(draftOf(path));
    else if (kept(document)) keepDraft(kept(document));
  };
  const dropAllDrafts = (event) => {
    if (event.target.getAttribute("action") === "/sign-out") store?.clear();
  };
  const startOver = (event) => {
    if (event.target.id !== "start-over") return;
    store?.removeItem(draftOf(new URL(event.target.form.action).pathname));
    window.location.reload();
  };

  focusSummary(document);
  document.addEventListener("keydown", pressKey);
  offerSound();
  document.addEventListener("keydown", goOn);
  restoreDraft();
  listen();
  document.addEventListener("visibilitychange", comeBack);
  document.addEventListener("htmx:oobAfterSwap", titled);
  window.addEventListener("pagehide", stopListening);
  window.addEventListener("pageshow", (event) => event.persisted && comeBack());
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", dropAllDrafts);
  document.addEventListener("click", startOver);
  document.addEventListener("htmx:beforeOnLoad", guardInput);
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.detail.target));
  document.addEventListener("htmx:sendError", tellNoAnswer);
  document.addEventListener("htmx:timeout", tellNoAnswer);
  document.addEventListener("htmx:afterRequest", forget);
  document.addEventListener("htmx:afterRequest", dropDraft);
})();
