"""What both networks are built of, and the .fsb file that packages/backbone reads (docs/backbone.md)."""

import json
import struct
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

MEAN, STD = 0.45, 0.25


def conv(inputs, outputs, stride):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs))


def residual(x, first, second):
    return F.relu(second(F.relu(first(x))) + x)


def flat(head):
    """A 1 x 1 convolution as a matrix: a row an output, its weights, then its bias."""
    return torch.cat([head.weight.flatten(1), head.bias[:, None]], 1)


def fold(block):
    """A convolution that does what the convolution and its normalisation did."""
    convolution, norm = block
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return convolution.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def write(path, layers, outputs, extras):
    """layers: (name, block, input[, added]); a bare convolution is linear, one with its normalisation is cut at zero."""
    entries, blobs = [], []
    for name, block, source, *added in layers:
        folded = isinstance(block, nn.Sequential)
        weight, bias = fold(block) if folded else (block.weight, block.bias)
        outs, ins, size, _ = weight.shape
        stride = block[0].stride[0] if folded else 1
        entry = {"name": name, "kind": f"conv{size}", "stride": stride, "in": ins, "out": outs, "relu": folded, "input": source}
        entries.append(entry | ({"add": added[0]} if added else {}))
        blobs.extend([weight, bias])
    header = {
        "version": 1,
        "mean": [MEAN] * 3,
        "std": [STD] * 3,
        "layers": entries,
        "outputs": outputs,
        "extras": {name: {"rows": value.shape[0], "cols": value.shape[1]} for name, value in extras.items()},
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    with Path(path).open("wb") as file:
        file.write(b"FSB1" + struct.pack("<I", len(text)) + text)
        for value in [*blobs, *extras.values()]:
            file.write(value.detach().float().numpy().astype("<f2").tobytes())
