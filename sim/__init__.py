"""The game: conversation, customer, plain mode, command line."""
