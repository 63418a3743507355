"""The mathematics of latents: pure functions of tensors, with networks passed as functions. The caller chooses the threads."""
