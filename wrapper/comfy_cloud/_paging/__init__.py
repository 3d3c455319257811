"""Walking a listing that changes meanwhile: which page to ask for, what it proves, and where to resume."""
