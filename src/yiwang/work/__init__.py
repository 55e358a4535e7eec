"""一网协同: one inbox per post, what to do with a task, and who is asked besides."""
