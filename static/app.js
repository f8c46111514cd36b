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

  // What went wrong before is over once an answer arrives.
  const forget = (event) => {
    if (event.detail.successful) document.getElementById("problem")?.replaceChildren();
  };

  focusSummary(document);
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.detail.target));
  document.addEventListener("htmx:sendError", tellNoAnswer);
  document.addEventListener("htmx:timeout", tellNoAnswer);
  document.addEventListener("htmx:afterRequest", forget);
})();
