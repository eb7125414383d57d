"""The practice call of the help: its customer, and the instruction that stands at each moment."""
