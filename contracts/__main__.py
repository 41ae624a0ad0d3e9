"""Run the command line as `python -m contracts`."""

from contracts.cli import main

main()
