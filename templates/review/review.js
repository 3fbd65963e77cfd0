(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const items = all(".item");
  const boxes = all('.filters input[name="verdict"]');
  const about = document.getElementById("about");
  const status = document.getElementById("shown");
  document.documentElement.classList.remove("no-script");

  const filter = () => {
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    // What is said of a switch alone concerns every cluster whose frames pass it.
    const passed = new Set((about.selectedOptions[0].dataset.switches || "").split("\n"));
    let shown = 0;
    for (const item of items) {
      const subjects = [`cluster ${item.dataset.cluster}`, `switch ${item.dataset.switch}`];
      const concerned = item.dataset.cluster === "" && item.dataset.switch !== "" && passed.has(item.dataset.switch);
      const wanted = about.value === "" || subjects.includes(about.value) || concerned;
      item.hidden = !(wanted && verdicts.has(item.dataset.verdict));
      shown += item.hidden ? 0 : 1;
    }
    for (const group of [...all(".question"), ...all(".part")]) {
      group.hidden = !group.querySelector(".item:not([hidden])");
    }
    status.textContent = `${shown} of ${items.length} items shown`;
  };

  // Where an address points into something that is closed or filtered out, it is opened and shown.
  const reveal = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) {
      boxes.forEach((box) => { box.checked = true; });
      about.value = "";
      filter();
    }
    for (let part = target; part; part = part.parentElement) {
      if (part instanceof HTMLDetailsElement) part.open = true;
    }
    target.scrollIntoView({ block: "start" });
    const summary = target.matches("details") && target.querySelector("summary");
    if (summary) summary.focus({ preventScroll: true });
  };

  for (const control of [...boxes, about]) control.addEventListener("change", filter);
  for (const button of all("button[data-open]")) {
    button.addEventListener("click", () => {
      const parts = all("details", document.getElementById(button.dataset.within));
      parts.forEach((part) => { part.open = button.dataset.open === "yes"; });
    });
  }
  for (const button of all("button[data-about]")) {
    button.addEventListener("click", () => {
      about.value = button.dataset.about;
      filter();
      document.getElementById("checklist").scrollIntoView({ block: "start" });
      about.focus({ preventScroll: true });
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link) setTimeout(() => reveal(link.getAttribute("href")));
  });
  addEventListener("hashchange", () => reveal(location.hash));

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => { closed.forEach((part) => { part.open = false; }); });

  // Beside the page the contents stay open; above it they would push it away.
  if (matchMedia("(max-width: 67.99rem)").matches) document.querySelector("nav details").open = false;
  filter();
  reveal(location.hash);
})();
