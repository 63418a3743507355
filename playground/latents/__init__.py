"""What can be done with latents: pure tensors, and networks as functions of them. Who calls decides on threads."""
