"""Finds the schools that need help by declared criteria, explains why, plans the help and shows whether it worked."""
