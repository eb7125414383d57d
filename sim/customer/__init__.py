"""The customer: mood (numbers), director (decides), critic (guards), voices (speak)."""
