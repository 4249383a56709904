"""The Guide on screen: what stands below its answers, its card, its greeting."""
