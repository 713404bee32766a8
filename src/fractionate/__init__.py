"""Fractionate: reasoning distillation by fractions."""

__version__ = "0.1.0"
