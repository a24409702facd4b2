// Puts Stripe's Payment Element into the payment page and confirms with it. https://docs.stripe.com/js/payment_intents/confirm_payment
const form = document.getElementById("pay");
const part = (name) => form.querySelector(`[data-${name}]`);
const [waiting, element, error, button, again] = ["waiting", "element", "error", "pay", "again"].map(part);
const says = (name) => form.querySelector(`template[data-says=${name}]`).content.textContent;
const label = button.textContent;
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The element stands in a frame of Stripe's: the shop's look reaches it as values only.
const appearance = () => ({
  theme: "stripe",
  variables: {
    colorPrimary: token("--petrol"), colorBackground: token("--surface"), colorText: token("--text"),
    colorTextSecondary: token("--text-2"), colorDanger: token("--crit"), fontFamily: token("--sans"),
    borderRadius: token("--r-field"),
  },
  rules: { ".Input": { borderColor: token("--edge") } },
});

let paying = false;
const busy = (yes) => {
  paying = yes;
  button.setAttribute("aria-disabled", String(yes)); // not `disabled`, which would throw the focus away
  button.textContent = yes ? button.dataset.busy : label;
};

const say = (text) => {
  error.textContent = text;
  error.hidden = !text;
  if (text) error.focus();
};

const unloaded = () => {
  waiting.hidden = button.hidden = true;
  again.hidden = false;
  say(says("unloaded"));
};

const show = () => {
  waiting.hidden = false;
  const stripe = window.Stripe(form.dataset.key, { locale: form.dataset.locale });
  const elements = stripe.elements({ clientSecret: form.dataset.secret, appearance: appearance() });
  const payment = elements.create("payment");
  payment.on("ready", () => {
    waiting.hidden = true;
    button.hidden = false;
  });
  payment.on("loaderror", unloaded);
  payment.mount(element);
  return { stripe, elements };
};

// On success the browser leaves for the shop, so only failures come back here.
const confirm = async ({ stripe, elements }) => {
  const { error: refusal } = await stripe.confirmPayment({
    elements,
    confirmParams: { return_url: form.dataset.return },
  });
  // It was paid or cancelled meanwhile, perhaps in another tab: the page itself says how it stands.
  if (refusal.code === "payment_intent_unexpected_state") return location.reload();
  const forShoppers = refusal.type === "card_error" || refusal.type === "validation_error";
  say((forShoppers && refusal.message) || says("failed"));
};

const start = () => {
  if (!window.Stripe) return unloaded();
  const shown = show();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (paying) return;
    say("");
    busy(true);
    try {
      await confirm(shown);
    } catch {
      say(says("failed")); // the connection broke; asking again is safe, the intent is paid once
    }
    busy(false);
  });
};

again.addEventListener("click", () => location.reload());
try {
  start();
} catch (problem) {
  unloaded(); // a key or secret that Stripe.js refuses outright
  throw problem;
}
