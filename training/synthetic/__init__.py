"""Endless labelled images of the free hand model.

From a number to a sample: `placement` decides where hands, camera and crop are, `poses` how the fingers bend,
`drawing` renders tiles of hands with an alpha channel, `photography` lays them over a background as a webcam would see
them, and `synthesiser` ties these together. Every random choice comes from the seed and the sample's index.
"""
