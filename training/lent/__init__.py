"""Training on a lent machine: minutes of a GPU, no network, PyTorch and little else.

`python main.py train pack PRESET --out DIR` (`training.lent.pack`) writes what is needed, `python -m training.lent DIR`
trains there, `python -m training.lent.parts` puts the weights that came back together; docs/lent-gpu.md tells how. What
runs there imports torch, numpy, safetensors and Pillow alone, and so must everything that it imports of this program.
"""
