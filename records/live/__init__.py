"""What is said, written down while it is being said. What it misses, the final transcript has."""
