"""The API's codes and states in the shop's words: (state) -> headline, sentence, tone, icon."""

from __future__ import annotations

from examples.storefront.api import ApiProblem, Json

HTTP_ERRORS = {
    400: "Esta página ficou aberta por muito tempo. Volte, recarregue e envie de novo.",
    405: "Este endereço não aceita esse tipo de pedido.",
    413: "O que foi enviado é grande demais.",
}

PROBLEMS = {
    "insufficient_stock": "Não temos mais essa quantidade.",
    "variant_unavailable": "Esta peça não está mais à venda.",
    "price_changed": "O preço mudou desde que você a escolheu.",
    "shipping_option_expired": "O preço do frete venceu. Escolha a entrega de novo.",
    "shipping_option_invalid": "Esta entrega não vale mais para a sua sacola. Escolha outra.",
    "cart_incomplete": "Ainda falta alguma coisa para fechar o pedido.",
    "payment_in_progress": "Há um pagamento em andamento para esta sacola.",
    "payment_declined": "O pagamento foi recusado.",
    "no_payment_session": "O prazo do pagamento acabou. Escolha a forma de pagamento de novo.",
    "cart_has_problems": "Confira a sacola antes de pagar.",
    "cart_too_large": "A sacola não comporta tanto. Diminua a quantidade.",
    "too_many_tries": "Foram muitas tentativas seguidas. Espere um minuto e tente de novo.",
    "stale_version": "A sacola mudou em outra aba. Confira e tente de novo.",
}

# By (field, code); a code alone holds for every field.
FIELD_ERRORS = {
    ("email", "malformed"): "Confira o e-mail. Ex.: nome@exemplo.com.br",
    ("email", "taken"): "Já existe uma conta com este e-mail. Entre com ela.",
    ("phone", "malformed"): "Telefone com DDD. Ex.: (41) 98820-4471",
    ("tax_id", "malformed"): "Confira o CPF: os dígitos não batem.",
    ("postal_code", "malformed"): "O CEP tem oito números. Ex.: 80010-000",
    ("password", "too_short"): "Use uma senha mais longa.",
    ("lines", "required"): "A sacola está vazia.",
    ("shipping_address", "required"): "Falta o endereço de entrega.",
    ("shipping_option", "required"): "Escolha como entregar.",
    ("method", "unavailable"): "Esta forma de pagar não está disponível agora. Escolha outra.",
    "required": "Preencha este campo.",
    "null": "Preencha este campo.",
    "too_long": "O texto é longo demais.",
    "too_short": "O texto é curto demais.",
}
FIELD_CODES = {"email_taken": "taken", "password_too_short": "too_short", "invalid": "malformed"}

ORDER_STATES = {"cancelled": "Cancelado", "archived": "Encerrado"}

# (tone, icon, word); tones: ok, warn, crit, neu
PAYMENT_STATES = {
    "awaiting": ("warn", "clock", "Aguardando pagamento"),
    "authorised": ("ok", "check", "Pagamento aprovado"),
    "partially_paid": ("warn", "clock", "Pago em parte"),
    "paid": ("ok", "check", "Pago"),
    "overpaid": ("ok", "check", "Pago"),
    "partially_refunded": ("neu", "undo", "Devolvido em parte"),
    "refunded": ("neu", "undo", "Devolvido"),
    "disputed": ("warn", "alert", "Em contestação"),
    "voided": ("neu", "slash", "Pagamento cancelado"),
    "expired": ("neu", "clock", "Prazo de pagamento encerrado"),
}

FULFILMENT = {
    "partially_fulfilled": ("Parte do seu pedido já saiu", "O resto segue em outro pacote."),
    "fulfilled": ("Seu pedido saiu", "Ele já foi entregue à transportadora."),
    "in_transit": ("Seu pedido está a caminho", "A transportadora está com ele."),
    "delivered": ("Seu pedido chegou", "Esperamos que goste."),
}

# Canonical status of a parcel -> (tone, icon, word).
PARCEL_STATES = {
    "unknown": ("neu", "truck", "A caminho"),
    "label_created": ("neu", "truck", "Aguardando a transportadora"),
    "accepted": ("neu", "truck", "Postado"),
    "in_transit": ("neu", "truck", "Em trânsito"),
    "customs_hold": ("neu", "clock", "Na alfândega"),
    "out_for_delivery": ("neu", "truck", "Saiu para entrega"),
    "available_for_pickup": ("warn", "clock", "Aguardando retirada"),
    "delivery_attempted": ("warn", "alert", "Ninguém em casa"),
    "delayed": ("warn", "clock", "Atrasado"),
    "exception": ("warn", "alert", "Problema na entrega"),
    "returning": ("warn", "undo", "Voltando para a loja"),
    "returned": ("warn", "undo", "Devolvido à loja"),
    "delivered": ("ok", "check", "Entregue"),
    "lost": ("warn", "alert", "Extraviado"),
    "cancelled": ("neu", "slash", "Cancelado"),
}
# What a parcel passes on its way to the door, in order; what is still to come is shown hollow.
PARCEL_WAY = ("accepted", "in_transit", "out_for_delivery", "delivered")
_ENDED = ("delivered", "returning", "returned", "lost", "cancelled")

# method -> (icon, hint, button with the amount in place of {})
METHODS = {
    "pix": ("pix", "aprovado na hora, com o aplicativo do banco", "Pagar {} com Pix"),
    "card": ("card", "na página segura de pagamento", "Pagar {} com cartão"),
    "boleto": ("bank", "o banco confirma no próximo dia útil", "Pagar {} com boleto"),
    "bank_transfer": (
        "bank",
        "você recebe os dados da conta ao fechar",
        "Fechar pedido de {} por transferência",
    ),
    "cash_on_delivery": (
        "cash",
        "você paga quando as peças chegarem",
        "Fechar pedido de {}, pagar na entrega",
    ),
}
OTHER_METHOD = ("card", "", "Pagar {}")

METHOD_NAMES = {
    "pix": "Pix",
    "card": "Cartão",
    "boleto": "Boleto",
    "bank_transfer": "Transferência bancária",
    "cash_on_delivery": "Pagamento na entrega",
}

# A payment session in one of these states may still bring money.
LIVE_SESSIONS = ("requires_action", "processing", "authorised", "captured", "awaiting", "unknown")

PLURALS = {"cor": "cores", "tamanho": "tamanhos", "moagem": "moagens", "color": "cores", "size": "tamanhos"}


def problem(error: ApiProblem) -> str:
    """A refusal in one sentence: ours when the code is known, the API's otherwise."""
    return PROBLEMS.get(error.code) or error.detail or "A loja não aceitou este pedido."


def cart_problem(item: Json) -> str:
    """A problem of the cart in one sentence, with the quantity left where there is one."""
    left = (item.get("remedy") or {}).get("quantity")
    if item["code"] == "insufficient_stock" and left is not None:
        return "Esta peça acabou." if left == 0 else f"Só {'restam' if left > 1 else 'resta'} {left} desta peça."
    return PROBLEMS.get(item["code"]) or str(item.get("detail") or "Confira esta peça.")


def field_name(item: Json) -> str:
    """The field that an error of the API names, without the path to it."""
    return str(item.get("field") or "").rsplit(".", 1)[-1]


def field_error(item: Json) -> str:
    """The sentence beside a field: ours when field or code is known, the API's otherwise."""
    code = str(item.get("code"))
    code = FIELD_CODES.get(code, code)
    known = FIELD_ERRORS.get((field_name(item), code)) or FIELD_ERRORS.get(code)
    return known or str(item.get("message") or "Confira este campo.")


def headline(order: Json) -> tuple[str, str]:
    """What an order's page says first, and the sentence under it."""
    method = order["payments"][-1]["method"] if order.get("payments") else ""
    paid = order["payment_status"]
    if order["status"] == "cancelled":
        return "Pedido cancelado", "Nada mais será cobrado nem enviado."
    if order["fulfilment_status"] in FULFILMENT:
        return FULFILMENT[order["fulfilment_status"]]
    if paid in ("refunded", "voided", "expired"):
        return PAYMENT_STATES[paid][2], "Este pedido não será enviado."
    if method == "cash_on_delivery" and paid == "awaiting":
        return "Pedido feito", "Você paga quando as peças chegarem. Estamos separando tudo."
    if method == "boleto" and paid == "awaiting":
        return "Falta só o boleto", "Separamos as peças para você. O banco avisa do pagamento no próximo dia útil."
    if method == "bank_transfer" and paid == "awaiting":
        return "Falta só a transferência", "Separamos as peças para você até o prazo abaixo."
    if paid == "awaiting":
        return "Falta só o pagamento", "Separamos as peças para você até o prazo abaixo."
    name = str((order.get("contact") or {}).get("name") or "").split(" ")[0]
    return f"Pedido confirmado{', ' + name if name else ''}", "Estamos separando as suas peças."


def to_come(parcel: Json) -> list[str]:
    """The steps that a parcel still has before it, in words; none when it no longer comes to the door."""
    if parcel["status"] in _ENDED:
        return []
    seen = {event["status"] for event in parcel.get("events") or []} | {parcel["status"]}
    passed = max((at for at, step in enumerate(PARCEL_WAY) if step in seen), default=-1)
    return [PARCEL_STATES[step][2] for step in PARCEL_WAY[passed + 1 :]]


def count_of(option: Json) -> str:
    """How many values an option has: "4 cores"."""
    count = len(option["values"])
    return f"{count} {PLURALS.get(option['name'].lower(), 'opções')}"


def choice(options: Json | None) -> str:
    """The options of a line in words: "Terracota, P"; nothing for a product without options."""
    values = (options or {}).values()
    return ", ".join(value for value in values if value and value != "Default Title")


def method_name(method: str) -> str:
    """A way to pay as the shopper knows it."""
    return METHOD_NAMES.get(method, method)
