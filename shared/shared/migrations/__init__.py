"""Tables that every service has in its own database, made by the service's first migration."""
