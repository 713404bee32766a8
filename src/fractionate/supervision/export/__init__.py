"""Formats of other trainers, one module each; importing a module registers its format."""
