"""What is refused as a picture."""

from __future__ import annotations

from core.shared.errors import FieldProblem, Invalid


class UnusablePicture(Invalid):
    """The file can't be shown as a picture."""

    code = "unusable_picture"

    def __init__(self, message: str) -> None:
        super().__init__(message, problems=(FieldProblem("file", self.code, message),))
