"""`python -m sim` is `hearmeout`."""

from sim.cli import main

main()
