// Makes the back office faster to use; nothing here is needed to use it. No library, no inline anything.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const said = (element, n, one = "one", many = "many") =>
  n === 1 ? element.dataset[one] : element.dataset[many].replace("{n}", n.toLocaleString(region()));
const region = () => document.documentElement.dataset.region || "en";
const on = (type, selector, action) =>
  document.addEventListener(type, (event) => {
    const target = event.target.closest?.(selector);
    if (target) action(target, event);
  });

// Dialogs: the native element traps focus and gives it back; a click on the veil closes.
on("click", "[data-dialog]", (link, event) => {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  dialog.showModal();
});
on("click", "dialog [data-close]", (button, event) => {
  event.preventDefault();
  button.closest("dialog").close();
});
on("click", "dialog", (dialog, event) => {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const outside = event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
  if (event.target === dialog && event.detail && outside) dialog.close();
});
on("click", "[data-print]", () => print());
for (const dialog of $$("dialog[data-open-now]")) {
  dialog.close();
  dialog.showModal();
}

// Menus made of <details>: one open at a time, Escape and a click elsewhere close.
document.addEventListener("click", (event) => {
  for (const menu of $$("details.more[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Rows: the bar says how many are selected and what they amount to.
// Amounts are whole minor units; the text is made from digits, so no sum passes through a float.
function amountOf(minor, currency, digits) {
  const text = minor.toString().padStart(digits + 1, "0");
  const decimal = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
  return new Intl.NumberFormat(region(), { style: "currency", currency, minimumFractionDigits: digits }).format(decimal);
}
function showSelection(bar) {
  const boxes = $$(`[data-pick][form="${bar.id}"]`);
  const picked = boxes.filter((box) => box.checked);
  const facts = [];
  if (bar.dataset.currency && picked.some((box) => box.dataset.amount)) {
    const sum = picked.reduce((total, box) => total + BigInt(box.dataset.amount || 0), 0n);
    facts.push(amountOf(sum, bar.dataset.currency, Number(bar.dataset.digits)));
  }
  if (picked.some((box) => box.dataset.items)) {
    const items = picked.reduce((total, box) => total + Number(box.dataset.items || 0), 0);
    facts.push(said(bar, items, "itemsOne", "itemsMany"));
  }
  $("[data-count]", bar).textContent = said(bar, picked.length);
  $("[data-sum]", bar).textContent = facts.join(", ");
  bar.classList.toggle("asleep", !picked.length);
  const all = $("[data-pick-all]");
  if (all) {
    all.checked = picked.length > 0 && picked.length === boxes.length;
    all.indeterminate = picked.length > 0 && picked.length < boxes.length;
  }
}
for (const bar of $$("[data-selection]")) showSelection(bar);
on("change", "[data-pick]", (box) => showSelection(box.form));
on("change", "[data-pick-all]", (all) => {
  const boxes = $$("[data-pick]", all.closest("table"));
  for (const box of boxes) box.checked = all.checked;
  if (boxes.length) showSelection(boxes[0].form);
});
on("click", "[data-unpick]", (button, event) => {
  event.preventDefault();
  for (const box of $$(`[data-pick][form="${button.form.id}"]`)) box.checked = false;
  showSelection(button.form);
});

// Save bar: what changed, by the words of the labels; leaving with changes asks first.
function isChanged(control) {
  if (control.type === "hidden" || control.type === "submit" || !control.name) return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.tagName !== "SELECT") return control.value !== control.defaultValue;
  const options = [...control.options];
  const chosenAtFirst = options.some((option) => option.defaultSelected);
  return options.some((option, at) => option.selected !== (chosenAtFirst ? option.defaultSelected : at === 0));
}
const unsaved = new Set();
function showChanges(bar, form) {
  const names = new Set();
  for (const control of form.elements) {
    const changed = isChanged(control);
    control.classList.toggle("changed", changed);
    if (changed) names.add((control.labels?.[0]?.textContent || control.ariaLabel || control.name).trim());
  }
  const awake = names.size > 0 || bar.dataset.errors;
  bar.classList.toggle("asleep", !awake);
  if (names.size) $("[data-count]", bar).textContent = said(bar, names.size);
  $("[data-fields]", bar).textContent = [...names].slice(0, 4).join(", ") + (names.size > 4 ? ", …" : "");
  if (names.size) unsaved.add(form);
  else unsaved.delete(form);
}
for (const bar of $$("[data-save-bar]")) {
  const form = document.getElementById(bar.dataset.saveBar);
  if (!form) continue;
  const look = () => showChanges(bar, form);
  document.addEventListener("input", (event) => event.target.form === form && look());
  document.addEventListener("change", (event) => event.target.form === form && look());
  form.addEventListener("submit", () => unsaved.delete(form));
  $("[data-discard]", bar)?.addEventListener("click", () => unsaved.delete(form));
  look();
}
addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

// Fragments that keep themselves fresh: fetched again until the server renders them without data-refresh.
async function refresh(element) {
  const answer = await fetch(element.dataset.refresh, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) return schedule(element, 4);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(element.id);
  if (!fresh) return location.reload(); // what it kept fresh is over, and another page stands at its address
  element.replaceWith(fresh);
  if (fresh.dataset.refresh) schedule(fresh);
}
function schedule(element, patience = 1) {
  const seconds = Number(element.dataset.every || 2) * patience;
  setTimeout(() => {
    const idle = !document.hidden && !element.contains(document.activeElement?.closest?.("input, textarea, select"));
    if (!element.isConnected) return;
    if (idle) refresh(element).catch(() => schedule(element, 4));
    else schedule(element);
  }, seconds * 1000);
}
for (const element of $$("[data-refresh]")) schedule(element);

// Forms that say what they would do: asked of the server while somebody types; the parts named in data-preview are taken.
const waiting = new WeakMap();
async function preview(form) {
  const turn = waiting.get(form);
  const fields = new FormData(form);
  fields.set("step", "preview");
  const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.redirected || turn !== waiting.get(form)) return; // signed out, or typed on meanwhile
  for (const id of form.dataset.preview.split(" ")) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    // Only the ways out differ between the page and the dialog, so the dialog keeps its own.
    const away = old && $("[data-close]", old);
    if (old && fresh) old.replaceWith(fresh);
    if (away && fresh) $(".side > a", fresh)?.replaceWith(away);
  }
}
on("input", "form[data-preview]", (form) => {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => preview(form), 300)); // offline: the figures stay, the server checks them anyway
});

// Copy buttons say for a moment that they did it; without a secure origin there is no clipboard, so no button.
for (const button of navigator.clipboard ? [] : $$("[data-copy]")) button.hidden = true;
on("click", "[data-copy]", async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  const word = $("span", button);
  const before = word.textContent;
  word.textContent = button.dataset.done;
  setTimeout(() => (word.textContent = before), 1600);
});

// Theme and language: shown at once, kept by the server.
on("click", "[data-preferences] [name=theme]", (button) => {
  document.documentElement.dataset.bsTheme = button.value;
});

// Comment: Ctrl or Cmd with Enter posts.
on("keydown", "[data-comment] textarea", (field, event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form.requestSubmit();
});

// Keys. A first `g` waits a second for the area; j and k move a cursor over the rows.
let jumping = 0;
const rows = () => $$("[data-row]");
function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("cursor"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  all[at]?.classList.remove("cursor");
  next.classList.add("cursor");
  ($("[data-open]", next) || $("[data-pick]", next))?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
const keys = {
  "/": () => ($(".filters [data-search]") || $("[data-search]"))?.focus(),
  "?": () => $("#keys")?.showModal(),
  g: () => (jumping = Date.now()),
  j: () => move(1),
  k: () => move(-1),
  x: () => $(".cursor [data-pick]")?.click(),
  e: () => ($(".cursor [data-edit]") || $(".cursor [data-open]") || $('[data-key="e"]'))?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of $$("details.more[open]")) menu.open = false;
  const palette = $("[data-palette] input");
  if (palette && event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return palette.focus();
  }
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  if (Date.now() - jumping < 1000) {
    jumping = 0;
    const link = $(`[data-jump="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      return location.assign(link.href);
    }
  }
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
