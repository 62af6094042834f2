"""The four services on dictionaries instead of databases, for thousands of scenarios a minute.

The handlers, use cases, domains and the saga engine are the real ones; only the repositories are replaced.
`test_memory_matches_the_databases.py` compares them with the real ones.
"""
