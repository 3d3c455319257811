"""The library: assets in SQLite, how it is made or loaded, and how it changes."""
