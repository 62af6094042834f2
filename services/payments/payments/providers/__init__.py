"""The payment providers: their interface, the calls to them, and the worker that makes these."""
