"""`python -m sim` is `hearmeout`."""

from sim.start import main

main()
