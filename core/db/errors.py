"""What can be wrong with the database itself; what a rule forbids is in core/errors.py."""

from core.errors import DomainError
from core.i18n import N_, Message


class DatabaseError(DomainError):
    """The database cannot be used as asked."""

    code = "database"


class DatabaseInUseError(DatabaseError):
    """Another process holds the SQLite file."""

    code = "database_in_use"

    def __init__(self, path: str, holder: str) -> None:
        super().__init__(
            N_(
                "The database file {path} is in use by another process ({holder})."
                " Stop that one first, or use PostgreSQL to run several.",
                path=path,
                holder=holder,
            )
        )


class DatabaseNotOpenError(DatabaseError):
    """A query was sent before `open` or after `close`."""

    code = "database_not_open"

    def __init__(self) -> None:
        super().__init__(N_("The database is not open."))


class DatabaseOpenError(DatabaseError):
    """`open` was called twice."""

    code = "database_open"

    def __init__(self) -> None:
        super().__init__(N_("A database is open already; close it before opening another."))


class DatabaseUnusableError(DatabaseError):
    """The database could not be opened, or a guarantee it must give is not in force."""

    code = "database_unusable"

    def __init__(self, place: str, why: str | Message) -> None:
        super().__init__(
            N_("The database {place} cannot be used: {why}", place=place, why=why),
        )


class DatabaseBusyError(DatabaseError):
    """No connection came free in time."""

    code = "database_busy"

    def __init__(self) -> None:
        super().__init__(N_("The database is busy. Please try again in a moment."))


class DatabaseClashError(DatabaseBusyError):
    """Two acts waited for each other and the server gave up this one; nothing of it was written."""

    code = "database_clash"

    def __init__(self) -> None:
        DatabaseError.__init__(
            self,
            N_(
                "Somebody else was saving the same thing at the same moment,"
                " so nothing of yours was saved. Please try again."
            ),
        )


class DatabaseReadOnlyError(DatabaseError):
    """A write was tried on a database opened for reading."""

    code = "database_read_only"

    def __init__(self) -> None:
        super().__init__(N_("The database was opened for reading only."))


class TransactionLostError(DatabaseError):
    """The transaction cannot be committed any more; nothing of it was written."""

    code = "transaction_lost"

    def __init__(self) -> None:
        super().__init__(
            N_("Part of this act failed, so none of it was saved. Please try again."),
        )


class OutcomeUnknownError(DatabaseError):
    """The connection broke while the commit was under way: written or not, nobody can tell."""

    code = "outcome_unknown"

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The connection was lost while saving."
                " Look whether it was saved before you repeat it."
            ),
        )
