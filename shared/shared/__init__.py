"""What every process of Jishi must agree on, or what would be dangerous to write twice."""
