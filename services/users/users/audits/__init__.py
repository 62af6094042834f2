"""The auditor's results, for operators: the last report, its findings, and repairs on request."""
