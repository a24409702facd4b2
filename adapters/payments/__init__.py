"""Payment providers: one package each, found by `adapters.registry`."""
