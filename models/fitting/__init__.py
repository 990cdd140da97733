"""The hand model fitted to what is read of hands: points in the image and in space, by whoever reads them."""
