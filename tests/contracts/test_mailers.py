"""Every mailer against the contract."""

from __future__ import annotations

from adapters.mail.kept import KeptMailer
from ports.mailer import Mailer
from tests.contracts.mailer import MailerContract


class TestKeptMailer(MailerContract):
    def mailer(self) -> Mailer:
        return KeptMailer()
