"""`python -m cnncalc` is `cnncalc`."""

from .cli import main

main()
