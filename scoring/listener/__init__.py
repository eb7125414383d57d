"""Reads one reply against the codebook: twenty yes/no checks and what the reply touches."""
