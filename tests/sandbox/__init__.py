"""The payment sandbox, met as its clients meet it: over HTTP, through the provider's own library."""
