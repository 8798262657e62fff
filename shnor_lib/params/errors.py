"""The one exception of the index functions."""

ALL_CONSTANT = "значения всех показателей у всех школ одинаковы (или школа одна) – сравнивать нечего"

ABOVE_ZERO = "нормируйте к диапазону выше нуля (например minmax 1..100) или выберите другое агрегирование"


class CompositeError(ValueError):
    """An index cannot be computed, and the message says which node and what to change.

    The message is in Russian because analysts read it; ``node`` holds the id of the indicator or aggregate, if known.

    Examples
    --------
    >>> error = CompositeError("сумма весов равна нулю")
    >>> str(error.at("staff_index"))
    'staff_index: сумма весов равна нулю'
    """

    def __init__(self, reason: str, node: str | None = None):
        self.reason = reason
        self.node = node
        super().__init__(f"{node}: {reason}" if node else reason)

    def at(self, node: str) -> "CompositeError":
        """The same error with the node named; a node named earlier, closer to the cause, is kept."""
        return self if self.node else CompositeError(self.reason, node)


class CompositeWarning(UserWarning):
    """The index was computed, but its reader must know something (for example what PCA weights mean)."""
