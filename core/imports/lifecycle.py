"""Which states an import has and how it moves between them."""

from __future__ import annotations

from enum import StrEnum

from core.shared.state_machine import Lifecycle


class ImportState(StrEnum):
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ImportStep(StrEnum):
    FINISH_CHECK = "finish_check"
    FAIL = "fail"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    FINISH = "finish"


IMPORT_LIFECYCLE: Lifecycle[ImportState, ImportStep] = Lifecycle(
    "import",
    ImportState,
    {ImportState.CHECKING},
    {
        (ImportState.CHECKING, ImportStep.FINISH_CHECK): ImportState.CHECKED,
        (ImportState.CHECKING, ImportStep.FAIL): ImportState.FAILED,
        (ImportState.CHECKING, ImportStep.CANCEL): ImportState.CANCELLED,
        (ImportState.CHECKED, ImportStep.CONFIRM): ImportState.APPLYING,
        (ImportState.CHECKED, ImportStep.CANCEL): ImportState.CANCELLED,
        (ImportState.APPLYING, ImportStep.FINISH): ImportState.DONE,
        (ImportState.APPLYING, ImportStep.CANCEL): ImportState.CANCELLED,
        (ImportState.CANCELLED, ImportStep.CONFIRM): ImportState.APPLYING,  # goes on where it was stopped
    },
)
