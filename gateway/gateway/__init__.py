"""The public HTTP API: calls the services over RPC, joins their answers, streams changes."""
