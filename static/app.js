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
    if (!["session", "claim"].includes(elt.id) || !xhr.getResponseHeader("hx-redirect")) return;
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

  focusSummary(document);
  document.addEventListener("input", (event) => event.target.form && begun.add(event.target.form));
  document.addEventListener("htmx:beforeOnLoad", guardInput);
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.detail.target));
  document.addEventListener("htmx:sendError", tellNoAnswer);
  document.addEventListener("htmx:timeout", tellNoAnswer);
  document.addEventListener("htmx:afterRequest", forget);
})();
