"""Trains the network that finds somebody or something, whoever it is, from nothing but drawings of our own.

    python train_finder.py POOL OUT.fsb --steps 5000 --seed 1

POOL is what draw/draw-pool.ts drew: things.bin and grounds.bin. Every step pastes up to three things onto places, under
new light, some hiding others (stage.py), and asks of each cell of 8 x 8 pixels: does it belong to a thing, where does
that thing begin and end (distances to its four sides, generalised IoU), and how near to its middle is the cell (FCOS:
Tian et al., 2019)?

Needs numpy and torch (requirements.txt); README.md says how long it takes.
"""

import argparse
import time

import torch
import torch.nn.functional as F
from torch import nn

from network import MEAN, STD, conv, flat, residual, write
from paste import Batches
from stage import CELL, HIDDEN, SIDE, Stage

FIGURE, BOX, CENTRE = 0, slice(1, 5), 5
"""What a cell says: log-odds that it is a thing; log of the distances from its middle to the thing's left, top, right
and bottom, in cells; log-odds that it is the thing's middle."""
HEADS = 6


class Finder(nn.Module):
    """About 2,200 multiplications a pixel. Its widest cells see the whole of a picture of 128 pixels."""

    def __init__(self):
        super().__init__()
        self.c1, self.c2, self.b2 = conv(3, 16, 2), conv(16, 32, 2), conv(32, 32, 1)
        self.c3, self.a3, self.b3 = conv(32, 64, 2), conv(64, 64, 1), conv(64, 64, 1)
        self.c4, self.a4, self.b4 = conv(64, 128, 2), conv(128, 128, 1), conv(128, 128, 1)
        self.c5, self.a5, self.b5 = conv(128, 128, 2), conv(128, 128, 1), conv(128, 128, 1)
        self.d5, self.e5 = conv(128, 128, 1), conv(128, 128, 1)
        self.head_fine, self.head_deep, self.head_wide = nn.Conv2d(64, HEADS, 1), nn.Conv2d(128, HEADS, 1), nn.Conv2d(128, HEADS, 1)
        nn.init.constant_(self.head_wide.bias[BOX], 1.0)

    def forward(self, x):
        x = F.relu(self.c2(F.relu(self.c1(x))))
        x = F.relu(self.b2(x) + x)
        fine = residual(F.relu(self.c3(x)), self.a3, self.b3)
        deep = residual(F.relu(self.c4(fine)), self.a4, self.b4)
        wide = residual(residual(F.relu(self.c5(deep)), self.a5, self.b5), self.d5, self.e5)
        up = lambda maps: F.interpolate(maps, size=fine.shape[2:], mode="bilinear", align_corners=False)
        return self.head_fine(fine) + up(self.head_deep(deep)) + up(self.head_wide(wide))

    def write(self, path):
        write(
            path,
            layers=[
                ("c1", self.c1, "image"),
                ("c2", self.c2, "c1"),
                ("b2", self.b2, "c2", "c2"),
                ("c3", self.c3, "b2"),
                ("a3", self.a3, "c3"),
                ("b3", self.b3, "a3", "c3"),
                ("c4", self.c4, "b3"),
                ("a4", self.a4, "c4"),
                ("b4", self.b4, "a4", "c4"),
                ("c5", self.c5, "b4"),
                ("a5", self.a5, "c5"),
                ("b5", self.b5, "a5", "c5"),
                ("d5", self.d5, "b5"),
                ("e5", self.e5, "d5", "b5"),
                ("figure", self.head_fine, "b3"),
            ],
            outputs={"fine": "b3", "deep": "b4", "wide": "e5", "figure": "figure"},
            extras={"headDeep": flat(self.head_deep), "headWide": flat(self.head_wide)},
        )


def losses(heads, figure, owner, box, seen):
    """-> figure, box, centre"""
    cells = SIDE // CELL
    middle = (torch.arange(cells) + 0.5) / cells
    picture, row, column = torch.nonzero(owner >= 0, as_tuple=True)
    layer = owner[picture, row, column]
    known = seen[picture, layer] >= HIDDEN
    picture, row, column, layer = picture[known], row[known], column[known], layer[known]
    truth = box[picture, layer]
    x, y = middle[column], middle[row]
    to = torch.stack([x - truth[:, 0], y - truth[:, 1], truth[:, 2] - x, truth[:, 3] - y], 1).clamp_min(0.25 / cells) * cells
    said = heads[picture, :, row, column]
    guess = torch.exp(said[:, BOX].clamp(-2, 3.5))
    centre = torch.sqrt(torch.minimum(to[:, 0], to[:, 2]) / torch.maximum(to[:, 0], to[:, 2]) * torch.minimum(to[:, 1], to[:, 3]) / torch.maximum(to[:, 1], to[:, 3]))
    # Cells of large things are many: each thing counts as its square root of cells.
    share = 1 / (to[:, 0] + to[:, 2]).mul(to[:, 1] + to[:, 3]).sqrt()
    share = share / share.sum().clamp_min(1e-6)
    box_loss = (share * (1 - generalised_iou(guess, to))).sum()
    centre_loss = (share * F.binary_cross_entropy_with_logits(said[:, CENTRE], centre, reduction="none")).sum()
    figure_loss = F.binary_cross_entropy_with_logits(heads[:, FIGURE : FIGURE + 1], figure)
    return figure_loss, box_loss, centre_loss


def generalised_iou(one, other):
    """Of boxes given as distances from one place inside both (Rezatofighi et al., 2019)."""
    area = lambda d: (d[:, 0] + d[:, 2]) * (d[:, 1] + d[:, 3])
    shared = area(torch.minimum(one, other))
    union = area(one) + area(other) - shared
    around = area(torch.maximum(one, other))
    return shared / union - (around - union) / around


def train(arguments):
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    made = Batches(Stage, arguments.pool, arguments.batch, arguments.seed)
    batches = iter(torch.utils.data.DataLoader(made, batch_size=None, num_workers=1, prefetch_factor=4))
    net = Finder().to(memory_format=torch.channels_last)
    groups = [
        {"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": 0.02},
        {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=arguments.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, arguments.rate, total_steps=arguments.steps, pct_start=0.05, final_div_factor=100)
    started, means = time.time(), torch.zeros(3)
    for step in range(1, arguments.steps + 1):
        pictures, *truth = next(batches)
        net.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            heads = net(((pictures - MEAN) / STD).to(memory_format=torch.channels_last))
        figure, box, centre = losses(heads.float(), *truth)
        optimizer.zero_grad()
        (3 * figure + 2 * box + 0.5 * centre).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        means += torch.tensor([figure.item(), box.item(), centre.item()]) / 100
        if step % 100 == 0:
            took = time.time() - started
            print(f"{step} figure {means[0]:.3f} box {means[1]:.3f} centre {means[2]:.3f} {step * arguments.batch / took:.0f}/s {took:.0f} s", flush=True)
            means.zero_()
        if step % arguments.keep_every == 0 and step < arguments.steps:
            net.write(f"{arguments.out}.{step}")
    net.write(arguments.out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pool")
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep-every", type=int, default=1000)
    train(parser.parse_args())
