"""The administrator's web console: people, laptops, sync health, backups. Never a record, never a person cared for."""
