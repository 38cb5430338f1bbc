"""Errors the domain raises; web/errors.py turns them into answers."""

from collections.abc import Mapping

from core.decisions import Deny, Hold
from core.i18n import N_, Message


class DomainError(Exception):
    """An act that the domain does not carry out. `code` is stable, `message` is for the reader."""

    code = "domain_error"

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotFoundError(DomainError):
    """There is no such record, or the viewer may not know of it: both look alike."""

    code = "not_found"

    def __init__(self) -> None:
        super().__init__(N_("There is no such record, or you may not see it."))


class InvalidInputError(DomainError):
    """Values that cannot be taken; `problems` names them by field."""

    code = "invalid_input"

    def __init__(self, problems: Mapping[str, Message]) -> None:
        super().__init__(N_("Please correct the marked fields."))
        self.problems = dict(problems)


class RefusedError(DomainError):
    """A rule stands against the act; the decision says which and what would make it pass."""

    code = "refused"

    def __init__(self, decision: Deny | Hold) -> None:
        super().__init__(decision.reason)
        self.decision = decision
        self.code = decision.code


class StaleError(DomainError):
    """Somebody else changed the record since it was read."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(
            N_("Someone else changed this record meanwhile. Look at it again, then repeat.")
        )


class WrongStateError(DomainError):
    """The record's state does not allow this step."""

    code = "wrong_state"
