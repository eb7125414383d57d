"""The database, one numbered step per change of its shape."""
