"""Item models: ready display strings, no queries of their own."""
