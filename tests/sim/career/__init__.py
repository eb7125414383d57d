"""Tests of the career."""
