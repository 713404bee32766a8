"""The search for the smallest supervision: candidates in rungs, roles as factors, a decision that is confirmed."""
