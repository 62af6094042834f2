"""What every service may be asked by operators: its dead letters, and the log of what operators did."""
