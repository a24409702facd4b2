"""Casa Ipê: a small shop that knows nothing but the REST API."""
