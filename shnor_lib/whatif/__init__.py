"""What if: scenarios, robustness, exploration, the region."""
