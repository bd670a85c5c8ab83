"""Every message between a laptop and the server, protocol `sync/1` (SYNC 3.4). Both ends use these and nothing else."""
