"""The hand model fitted to what is read of hands: points in the picture and in space, by whoever reads them."""
