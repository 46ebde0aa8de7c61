"""`python -m boostmon`."""

from boostmon.entrypoints.cli import main

if __name__ == "__main__":
    main()
