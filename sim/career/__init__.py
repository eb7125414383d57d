"""The career: which customers are open, how the skills move, and what to practise next; pure and Textual-free."""
