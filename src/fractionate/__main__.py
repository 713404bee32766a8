"""`python -m fractionate` is the command line."""

from fractionate.cli import main

main()
