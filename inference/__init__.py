"""A trained checkpoint in Python: load it, embed crops, group photos; docs/python.md shows how."""

from inference.grouper import Grouper
from inference.groups import Groups, store_shelf

__all__ = ["Grouper", "Groups", "store_shelf"]
