"""One module a format. Each registers its reader under a name, the one that `--format` takes."""
