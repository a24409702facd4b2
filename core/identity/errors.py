"""What identity refuses."""

from __future__ import annotations

from core.shared.errors import Conflict, TooManyTries, Unauthenticated


class EmailTaken(Conflict):
    """There is an account with this e-mail address."""

    code = "email_taken"


class SignInRefused(Unauthenticated):
    """E-mail and password do not match."""

    code = "sign_in_refused"

    def __init__(self, tries_left: int) -> None:
        super().__init__("E-mail and password do not match.")
        self.tries_left = tries_left


class SignInPaused(TooManyTries):
    """Too many wrong passwords from this address: sign-in rests for a quarter of an hour."""

    code = "sign_in_paused"


class RefreshRefused(Unauthenticated):
    """The refresh token is not valid any more: log in again."""

    code = "refresh_refused"
