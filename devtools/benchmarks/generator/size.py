from datetime import date

CLIENTS = 50  # the first of them holds 40 % of the transactions
WALLETS = 20  # of each Client
SYSTEMS = 40
DAYS = 730
LAST_DAY = date(2026, 11, 24)  # the benchmark's today

# An owner of the largest Client.
LOGIN, PASSWORD = "bench", "bench-password-of-no-worth"
