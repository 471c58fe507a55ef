"""What every layer made of an image: numbers and feature maps."""
