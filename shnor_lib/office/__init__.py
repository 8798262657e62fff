"""An office and a year put together, its public edition, what is kept of it."""
