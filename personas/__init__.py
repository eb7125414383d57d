"""Who the customer is: the TOML library, its schema, loader and linter."""
