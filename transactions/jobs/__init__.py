"""The kinds of jobs of this room; docs/adr/0046."""

from transactions.jobs import upkeep as upkeep
