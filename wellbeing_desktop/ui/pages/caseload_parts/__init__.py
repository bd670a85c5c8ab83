"""Parts of the caseload screen."""
