"""Training with gradients that are right, wrong or a student's: mini-batches, gradient descent, and what came of it."""
