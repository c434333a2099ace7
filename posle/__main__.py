"""`python -m posle`: the same as the `posle` command."""

from posle.cli import main

if __name__ == "__main__":
    main()
