"""Puts on a machine what the product needs. Standard library only: it runs before packages do."""
