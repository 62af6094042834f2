"""What every service may be asked by operators: its dead letters, switches, and the log of what operators did."""
