"""Tools to explore the latent space of a trained generator."""
