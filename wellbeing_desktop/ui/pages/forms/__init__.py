"""Pages that are one form: add a person, a referral, a task, an appointment."""
