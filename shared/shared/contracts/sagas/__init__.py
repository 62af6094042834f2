"""What every service with sagas may be asked by operators, and the timers of its sagas."""
