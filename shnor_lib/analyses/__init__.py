"""One module for each question of a report: its frames and its facts."""
