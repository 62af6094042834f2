"""The payment providers: their interface and the calls to them."""
