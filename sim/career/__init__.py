"""The career: who is open, how the skills move, what to practise next; pure and Textual-free."""
