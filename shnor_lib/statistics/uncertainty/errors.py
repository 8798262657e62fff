"""The one exception of the uncertainty functions."""


class UncertaintyError(ValueError):
    """How sure a figure is cannot be computed; the message, in Russian, says why and what to change."""
