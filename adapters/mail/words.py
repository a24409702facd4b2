"""The words of messages to customers, by language. Every language has every key (tested)."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "subject": "Your order {number} at {store}",
    "preview": "{store} has your order {number}.",
    "hello": "Thank you, {name}!",
    "placed": "We have your order {number}, placed on {date}.",
    "your_order": "Your order",
    "items": "Items",
    "discount": "Discount",
    "shipping": "Delivery",
    "tax": "Tax",
    "tax_included": "Tax included",
    "total": "Total",
    "delivers_to": "Delivers to",
    "payment": "Payment",
    "see_order": "See the order",
    "questions": "Questions? Reply to this message or write to {email}.",
    "each": "{price} each",
    "paid": "Paid: {amount} by {method}.",
    "authorised": "Your payment by {method} is authorised. You are charged when the order leaves.",
    "awaiting": "We are waiting for your payment by {method}: {amount}.",
    "awaiting_until": "We are waiting for your payment by {method}: {amount}, until {deadline}.",
    "pay_on_delivery": "You pay {amount} when the order is delivered.",
    "nothing_to_pay": "There is nothing to pay.",
    "pix_code": "Pix code to copy and paste",
    "transfer_details": "Transfer details",
    "method_card": "card",
    "method_card_ending": "card ending {last4}",
    "method_pix": "Pix",
    "method_bank_transfer": "bank transfer",
    "method_cash_on_delivery": "cash on delivery",
}

PORTUGUESE: Mapping[str, str] = {
    "subject": "Seu pedido {number} na {store}",
    "preview": "A {store} recebeu o seu pedido {number}.",
    "hello": "Obrigado, {name}!",
    "placed": "Recebemos o seu pedido {number}, feito em {date}.",
    "your_order": "Seu pedido",
    "items": "Itens",
    "discount": "Desconto",
    "shipping": "Entrega",
    "tax": "Impostos",
    "tax_included": "Impostos incluídos",
    "total": "Total",
    "delivers_to": "Entrega para",
    "payment": "Pagamento",
    "see_order": "Ver o pedido",
    "questions": "Dúvidas? Responda a esta mensagem ou escreva para {email}.",
    "each": "{price} cada",
    "paid": "Pago: {amount} com {method}.",
    "authorised": "O seu pagamento com {method} foi autorizado. A cobrança é feita quando o pedido sair.",
    "awaiting": "Aguardamos o seu pagamento com {method}: {amount}.",
    "awaiting_until": "Aguardamos o seu pagamento com {method}: {amount}, até {deadline}.",
    "pay_on_delivery": "Você paga {amount} na entrega do pedido.",
    "nothing_to_pay": "Não há nada a pagar.",
    "pix_code": "Código Pix copia e cola",
    "transfer_details": "Dados para a transferência",
    "method_card": "cartão",
    "method_card_ending": "cartão final {last4}",
    "method_pix": "Pix",
    "method_bank_transfer": "transferência bancária",
    "method_cash_on_delivery": "pagamento na entrega",
}

BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "pt": PORTUGUESE}


def words(locale: str) -> Mapping[str, str]:
    """The words of a BCP 47 locale; English for a language that is not written yet."""
    return BY_LANGUAGE.get(locale.partition("-")[0].partition("_")[0].lower(), ENGLISH)
