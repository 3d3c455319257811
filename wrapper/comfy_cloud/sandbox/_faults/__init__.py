"""What can go wrong on purpose: faults as values, their texts, and when they strike. Pure."""
