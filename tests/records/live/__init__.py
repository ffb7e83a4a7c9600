"""What is written down while it is being said."""
