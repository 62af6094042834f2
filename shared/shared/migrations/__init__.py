"""Tables that every service has in its own database, created by the service's first migration."""
