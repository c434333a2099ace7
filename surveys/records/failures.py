"""What a database can answer instead of doing its work, without a word of what was in the statement."""


class DatabaseUnavailable(Exception):
    """The database cannot take this now (locked, full, read-only or gone). Nothing was acknowledged; try again
    later."""

    def __init__(self) -> None:
        super().__init__("the database cannot take this now: it is locked, full, read-only or gone")


class StatementRefused(Exception):
    """The database refused a statement; `code` is its own short name for why, never a value."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the database refused a statement ({code})")
        self.code = code


class AlreadyThere(StatementRefused):
    """A row that may be there only once is there already; nothing was changed."""
