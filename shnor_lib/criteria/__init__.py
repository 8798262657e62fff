"""The judge of criteria, the decisions on categories, targets."""
