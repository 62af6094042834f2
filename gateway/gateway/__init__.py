"""The public HTTP API: asks the services over RPC, composes their answers, streams what changes."""
