"""The stores of orders, parcels and carrier reports."""
