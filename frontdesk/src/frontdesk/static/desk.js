// The few things that a page does by itself; everything works without them but the convenience.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // A form is sent once: what is pressed says so, and comes back when the page does (back, or a refusal).
  const unlock = () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "noLock" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
  addEventListener("pageshow", unlock);

  // "/" goes to the box that finds patients, Escape closes what is open.
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing) {
      const box = document.getElementById("patient-text") ?? document.getElementById("find");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === "Escape") all("details.pop[open], details.me[open]").forEach((one) => {
      one.open = false;
      one.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    all("details.pop[open], details.me[open]").forEach((one) => { if (!one.contains(event.target)) one.open = false; });
  });

  // The bar over selected transactions counts them, and works when there are any.
  const count = (form) => {
    const chosen = all("input[name=transaction]:checked", form).length;
    const said = form.querySelector(".count");
    said.textContent = chosen ? said.dataset.said.replace("#", chosen) : "";
    form.classList.toggle("some", chosen > 0);
    all("tr", form).forEach((row) => row.classList.toggle("chosen", Boolean(row.querySelector("input:checked"))));
  };
  all("form[data-selecting]").forEach((form) => {
    form.addEventListener("change", () => count(form));
    count(form);
  });
  addEventListener("pageshow", () => all("form[data-selecting]").forEach(count));

  // Rows that are folded away become rows when somebody looks; until then those that are ticked are sent without them.
  const unread = (within) => all("details.more-picks", within).filter((one) => one.dataset.ticked && one.querySelector("noscript"));
  all("details.more-picks").forEach((details) => {
    const unfold = () => all("noscript", details).forEach((text) => { text.outerHTML = text.textContent; });
    if (details.open) unfold(); else details.addEventListener("toggle", unfold, { once: true });
  });
  document.addEventListener("formdata", (event) => unread(event.target).forEach((one) => {
    one.dataset.ticked.split(" ").forEach((id) => event.formData.append("invoice", id));
  }));

  // The amount of a payment is what the ticked invoices ask for, until somebody types another.
  all("form[data-payment]").forEach((form) => {
    const amount = form.querySelector("[data-amount]");
    const decimals = (text) => (text.split(".")[1] ?? "").length;
    form.addEventListener("change", (event) => {
      if (event.target.name !== "invoice" || amount.dataset.own) return;
      const due = [...all("input[name=invoice]:checked", form), ...unread(form)].map((one) => one.dataset.due);
      const places = Math.max(0, ...due.map(decimals));
      const minor = due.reduce((sum, one) => sum + Math.round(Number(one) * 10 ** places), 0);
      amount.value = due.length ? (minor / 10 ** places).toFixed(places).replace(".", amount.dataset.amount) : "";
    });
    amount.addEventListener("input", () => { amount.dataset.own = "yes"; });
  });

  // A line that is left out is not looked at any more; one that was added is ready to be typed into.
  document.addEventListener("change", (event) => {
    const name = event.target.name ?? "";
    if (name.endsWith(".removed")) event.target.closest("[data-line]").classList.toggle("out", event.target.checked);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "lines") all("[data-line]", event.target).at(-1)?.querySelector("input:not([type=hidden]), select")?.focus();
  });

  // Groups are dragged into order; the buttons beside do the same.
  all("[data-order]").forEach((list) => {
    let held = null;
    list.addEventListener("dragstart", (event) => {
      held = event.target.closest("[data-group]");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(held, 0, 0);
    });
    list.addEventListener("dragover", (event) => {
      const over = event.target.closest("[data-group]");
      if (!held || !over || over === held) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      over[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
    });
    list.addEventListener("drop", (event) => event.preventDefault());
    list.addEventListener("dragend", () => { if (held) document.querySelector(list.dataset.order).requestSubmit(); held = null; });
  });
})();
