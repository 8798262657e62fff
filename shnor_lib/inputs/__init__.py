"""From a file to a checked table."""
