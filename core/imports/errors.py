"""What an import refuses as a whole."""

from __future__ import annotations

from core.shared.errors import Conflict, FieldProblem, Invalid


class UnusableFile(Invalid):
    """The file is empty or too large to be an import."""

    code = "unusable_file"

    def __init__(self, message: str) -> None:
        super().__init__(message, problems=(FieldProblem("file", self.code, message),))


class NothingToApply(Conflict):
    """Nothing in the file can be written: every row is refused or equal to the catalogue."""

    code = "nothing_to_apply"
