"""What the public may see: which numbers are hidden, and how what is found on all data is told without them.

``suppress`` decides what is hidden, ``edition`` makes the public office, ``told`` lets an analysis follow the truth in words.
"""
