"""The audit queries and repairs that services answer to the auditor."""
