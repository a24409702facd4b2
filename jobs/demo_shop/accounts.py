"""The demo's accounts in the outside world: at the payment provider, at the bank, at the carrier."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from core.application import App
from core.logistics.use_cases.add_carrier_account import AddCarrierAccount, add_carrier_account
from core.payments.use_cases.add_account import AddAccount, add_account
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.context import CallContext
from core.shared.ids import CarrierAccountId, PaymentAccountId
from jobs.demo_shop.carrier import CarrierDesk
from jobs.demo_shop.outside import Outside
from ports.ids import Ids
from ports.settlement_books import FeeContract

_TRANSFER = "Transfira para Banco 001, agência 1234-5, conta 56789-0, Casa Ipê Ltda., CNPJ 11.222.333/0001-81."


@dataclass(slots=True)
class Accounts:
    """The rehearsed provider and carrier as the merchant's accounts see them.

    Weeks that are told in seconds would leave their webhooks in a heap before a shop that is not open yet: so they are
    sent from `listen` on, and what happened before is asked for.
    """

    outside: Outside
    carrier: CarrierDesk
    public_url: str
    provider_key: str
    carrier_key: str
    endpoint: str = ""
    carrier_url: str = ""
    carrier_secret: str = ""

    @classmethod
    def opened(cls, sandbox_url: str, carrier_url: str, public_url: str) -> Accounts:
        """New accounts, named by keys of their own."""
        provider_key, carrier_key = (f"{kind}_casaipe{secrets.token_hex(8)}" for kind in ("sk_test", "EZTK"))
        return cls(
            Outside(sandbox_url, provider_key),
            CarrierDesk(carrier_url, carrier_key),
            public_url,
            provider_key,
            carrier_key,
        )

    def connect(self, app: App, ids: Ids, context: CallContext, since: date) -> None:
        """Connect them to the store; the provider's fees hold from `since` on."""
        self._add_provider(app, PaymentAccountId(ids.new()), context, since)
        by_hand = AddAccount(
            "manual", "Transferência e entrega", ("bank_transfer", "cash_on_delivery"), {"instructions": _TRANSFER}, 2
        )
        app.run(add_account, by_hand, context)
        self._add_carrier(app, CarrierAccountId(ids.new()), context)

    def listen(self) -> None:
        """From now on both tell what happens."""
        self.outside.tell(self.endpoint)
        self.carrier.add_webhook(self.carrier_url, self.carrier_secret)

    def set_clock(self, offset_seconds: int) -> None:
        """Move the outside world's business time to wall time plus this."""
        self.outside.set_clock(offset_seconds)
        self.carrier.set_clock(offset_seconds)

    def close(self) -> None:
        self.outside.close()
        self.carrier.close()

    def _add_provider(self, app: App, account_id: PaymentAccountId, context: CallContext, since: date) -> None:
        self.outside.name_account("Casa Ipê", "Curitiba")
        url = f"{self.public_url}/webhooks/payments/stripe/{account_id}"
        self.endpoint, secret = self.outside.add_webhook(url)
        config = {"secret_key": self.provider_key, "webhook_secret": secret, "api_base": "sandbox"}
        app.run(add_account, AddAccount("stripe", "Stripe", ("card", "pix", "boleto"), config, 1, account_id), context)
        for method, fee in self.outside.fees().items():
            app.run(set_fee_contract, SetFeeContract(account_id, FeeContract(method, "BRL", *fee, since)), context)

    def _add_carrier(self, app: App, account_id: CarrierAccountId, context: CallContext) -> None:
        self.carrier_url = f"{self.public_url}/webhooks/carriers/easypost/{account_id}"
        self.carrier_secret = secrets.token_hex(16)
        config = {"api_key": self.carrier_key, "webhook_secret": self.carrier_secret, "api_base": "sandbox"}
        app.run(add_carrier_account, AddCarrierAccount("easypost", "EasyPost", config, account_id=account_id), context)
