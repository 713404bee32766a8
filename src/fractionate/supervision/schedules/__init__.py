"""The built-in schedules, one module each; importing a module registers its schedule."""
