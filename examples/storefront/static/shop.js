// Comforts only: every page works without this file.
"use strict";
document.documentElement.classList.add("js");

// A choice that has one obvious consequence sends its form; `data-submit` may name the button to press.
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-submit]");
  if (!field) return;
  const form = field.form;
  const action = field.dataset.submit;
  form.requestSubmit(action ? form.querySelector(`button[name=action][value=${action}]`) : null);
});

// One press, one request.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("click", async (event) => {
  const step = event.target.closest("[data-stepper] [data-by]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const next = (parseInt(input.value, 10) || 0) + Number(step.dataset.by);
    input.value = Math.min(Math.max(next, Number(input.min)), Number(input.max));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const choice = event.target.closest("[data-swap-link]");
  if (choice) return follow(event, choice, swapProduct);
  const more = event.target.closest("[data-more]");
  if (more) return follow(event, more, appendProducts);
  const copy = event.target.closest("[data-copy]");
  if (copy) return copyCode(copy);
});

// Fetch the page a link leads to and take over a part of it; any trouble: go there as a link does.
async function follow(event, link, take) {
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    take(new DOMParser().parseFromString(await answer.text(), "text/html"), link);
  } catch {
    location.assign(link.href);
  }
}

function swapProduct(page, link) {
  const quantity = document.getElementById("quantity")?.value;
  document.querySelector("[data-swap]").replaceWith(page.querySelector("[data-swap]"));
  const input = document.getElementById("quantity");
  if (input && quantity) input.value = quantity;
  history.replaceState(null, "", link.href);
  document.querySelector(`[data-swap-link][href="${CSS.escape(link.getAttribute("href"))}"][aria-current]`)?.focus();
}

function appendProducts(page, link) {
  const list = document.getElementById("products");
  const first = page.querySelector("#products > li");
  list.append(...page.querySelectorAll("#products > li"));
  const further = page.querySelector("[data-more]");
  if (further) link.href = further.getAttribute("href");
  else link.remove();
  first?.querySelector("a").focus({ preventScroll: true });
}

async function copyCode(button) {
  const code = document.getElementById(button.dataset.copy);
  const word = button.querySelector("span");
  const said = document.querySelector("[data-said]");
  try {
    await navigator.clipboard.writeText(code.value);
    word.textContent = "Código copiado";
    said.textContent = "Código copiado. Cole no app do seu banco.";
  } catch {
    code.focus();
    code.select();
    said.textContent = "O código está selecionado; copie com o teclado ou o menu.";
  }
  setTimeout(() => { word.textContent = "Copiar código"; }, 4000);
}
document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });

// CPF and CNPJ: the same check digits as the server; it says so at once when they are right.
function checkDigits(stem, weights) {
  let digits = "";
  for (let round = 0; round < 2; round += 1) {
    const known = stem + digits;
    const used = weights.slice(weights.length - known.length);
    const rest = [...known].reduce((sum, char, at) => sum + (char.charCodeAt(0) - 48) * used[at], 0) % 11;
    digits += rest < 2 ? "0" : String(11 - rest);
  }
  return digits;
}
function isTaxId(value) {
  const text = value.replace(/[\s./-]/g, "").toUpperCase();
  if (/^(.)\1*$/.test(text)) return false;
  if (/^[0-9]{11}$/.test(text)) return text.slice(9) === checkDigits(text.slice(0, 9), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return /^[0-9A-Z]{12}[0-9]{2}$/.test(text)
    && text.slice(12) === checkDigits(text.slice(0, 12), [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
}
document.getElementById("tax_id")?.addEventListener("input", (event) => {
  document.querySelector("[data-tax-id-sure]").hidden = !isTaxId(event.target.value);
});
document.querySelector("[aria-invalid=true]")?.focus();

// Pix: count down, ask the shop, go on when the bank has told.
const pix = document.querySelector("[data-pix]");
if (pix) {
  const time = pix.querySelector("[data-left]");
  const ring = pix.querySelector("[data-ring]");
  const until = time ? performance.now() + Number(time.dataset.left) * 1000 : 0;
  if (time) {
    setInterval(() => {
      const left = Math.max(0, Math.round((until - performance.now()) / 1000));
      time.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
      ring.setAttribute("stroke-dasharray", `${(left * 100) / Number(time.dataset.total)} 100`);
    }, 1000);
  }
  let pause = 3000;
  const ask = async () => {
    try {
      const answer = await fetch(pix.dataset.pix, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      if (state.next) return location.assign(state.next);
      pix.querySelector("[data-checked]").textContent = state.checked_at;
      pause = 3000;
    } catch {
      pause = Math.min(pause * 2, 30000); // the shop is away for a moment: ask less often
    }
    setTimeout(ask, document.hidden ? Math.max(pause, 15000) : pause);
  };
  setTimeout(ask, pause);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) pause = 3000; });
}
