"""The central server: Starlette over a SQLCipher file or PostgreSQL."""
