"""Referrals: what came, its triage, who decides, who has it, who waits."""
