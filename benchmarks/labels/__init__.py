"""Scores of the analysis beside people's labels: one module a kind of folder, each registered by its folder's name."""
