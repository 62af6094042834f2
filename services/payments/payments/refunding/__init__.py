"""Money that goes back: refunds, their attempts, and what operators settle by hand."""
