"""What a network runs on, read from files: images, matrices, weights."""
