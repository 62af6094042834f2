"""What changes in orders, one module a subject. Each function runs within one Work."""
