"""The built-in recipes, one module each; importing a module registers its recipe."""
