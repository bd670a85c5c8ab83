"""Digital content: the modules, what was released to a person, and the ledger of it all."""
