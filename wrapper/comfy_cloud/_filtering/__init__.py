"""Filters: what they are, what the server can do of them, and how they are evaluated and verified here. Pure."""
