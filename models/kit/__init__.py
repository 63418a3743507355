"""What variants are made of: knobs, networks, losses, and the GAN base classes."""
