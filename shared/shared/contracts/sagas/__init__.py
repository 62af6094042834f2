"""The operator requests that every service with sagas answers, and the timers of sagas."""
