"""What training starts from: weights, teachers, stages that stay as they are."""
