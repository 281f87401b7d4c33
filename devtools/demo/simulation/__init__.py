"""The market that demo data come from: who pays, when, how much, and with what outcome."""
