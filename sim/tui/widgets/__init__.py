"""What the screens are made of: widgets draw, and send intents."""
