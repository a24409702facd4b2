// Stands in for Stripe.js: it writes down what it is asked, shows a frame of Stripe's, and confirms at Stripe's API.
window.asked = { confirmations: [] };
window.Stripe = (key, options) => {
  Object.assign(window.asked, { key, options });
  return {
    elements: (given) => {
      window.asked.elements = given;
      return { create: (kind) => element(kind) };
    },
    confirmPayment: async ({ confirmParams }) => {
      window.asked.confirmations.push(confirmParams);
      const answer = await fetch("https://api.stripe.com/v1/payment_intents/pi/confirm", { method: "POST" });
      const body = await answer.json();
      if (body.error) return body;
      location.assign(`${confirmParams.return_url}&payment_intent=pi&redirect_status=succeeded`);
      return new Promise(() => {}); // the browser is on its way
    },
  };
};

const element = (kind) => {
  const heard = {};
  return {
    on: (event, action) => { heard[event] = action; },
    mount: (place) => {
      const frame = document.createElement("iframe");
      Object.assign(frame, { src: "https://js.stripe.com/frame.html", title: `${kind} of the stub` });
      frame.addEventListener("load", () => heard[window.asked.key.includes("refused") ? "loaderror" : "ready"]({}));
      place.append(frame);
    },
  };
};
