"""The code that all services of Jishi share: contracts, messaging, transactions, RPC and operation."""
