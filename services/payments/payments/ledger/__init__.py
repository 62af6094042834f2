"""The double-entry ledger: accounts, postings, and the trial balance."""
