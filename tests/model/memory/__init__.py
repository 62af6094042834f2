"""The four services on dictionaries instead of databases, so that thousands of stories a minute can be told.

The handlers, use cases, domains and the saga engine are the real ones; only the repositories are played.
`test_memory_is_like_the_databases.py` holds them to the real ones.
"""
