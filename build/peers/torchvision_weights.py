"""Writes one of torchvision's networks with random weights, and what it computes from a random image.

  torchvision_weights.py NAME DIR CLASSES HEIGHT WIDTH

DIR receives weights.safetensors (the network's state_dict), input.bin (one image, [H, W, C] as raw float32) and output.bin (its logits).
Weights of convolutions and products are drawn as He et al. (2015) do, scales and running statistics near those of a trained network, so that
every number of the file matters to the output.
"""

import json
import os
import struct
import sys

import numpy
import torch
import torchvision
from torch import nn


def randomize(model):
    generator = torch.Generator().manual_seed(1)
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        noise = torch.randn(value.shape, generator=generator)
        if value.dim() >= 2:
            fan_in = value[0].numel()
            value.copy_(noise * (2.0 / fan_in) ** 0.5)
        elif name.endswith("running_var"):
            value.copy_(1 + 0.2 * noise.abs())
        elif name.endswith("weight"):
            value.copy_(1 + 0.1 * noise)
        else:
            value.copy_(0.1 * noise)


def write_safetensors(tensors, path):
    kinds = {torch.float32: "F32", torch.int64: "I64"}
    header, at = {}, 0
    for name, tensor in tensors.items():
        end = at + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": kinds[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for tensor in tensors.values():
            file.write(tensor.contiguous().numpy().tobytes())


def main():
    name, folder, classes, height, width = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    options = {"init_weights": False} if name.startswith(("vgg", "googlenet", "inception")) else {}
    model = getattr(torchvision.models, name)(num_classes=classes, **options).eval()
    image = torch.randn((1, 3, height, width), generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        randomize(model)
        output = model(image)
    write_safetensors(model.state_dict(), os.path.join(folder, "weights.safetensors"))
    image[0].permute(1, 2, 0).contiguous().numpy().astype(numpy.float32).tofile(os.path.join(folder, "input.bin"))
    output[0].numpy().astype(numpy.float32).tofile(os.path.join(folder, "output.bin"))


main()
