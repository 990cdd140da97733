"""What networks learn from: labelled, rendered and composite images, made into batches."""
