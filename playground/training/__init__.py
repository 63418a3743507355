"""Training: building a GAN, and the loop that updates it."""
