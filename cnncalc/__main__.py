"""`python -m cnncalc` is `cnncalc`."""

from .cli import main

if __name__ == "__main__":  # other processes may import this
    main()
