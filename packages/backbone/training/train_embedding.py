"""Trains the network that says how a thing looks, from nothing but drawings of our own.

    python train_embedding.py POOL OUT.fsb --steps 12000 --seed 1

POOL is what draw/draw-pool.ts drew: things.bin and grounds.bin. Every step pastes things onto places, under new light,
partly hidden by other things (close_up.py), and asks two questions: which pixels belong to a thing (figure), and which
of the thousands of things it is (a cosine softmax with a margin, CosFace: Wang et al., 2018). What the network must do
to answer the second one for things that it meets in other places, turned and lit in another way, is what a puppet needs.
The answer layer is thrown away; the vector before it is the embedding.

Needs numpy and torch (requirements.txt); README.md says how long it takes.
"""

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from close_up import CloseUp
from network import MEAN, STD, conv, flat, residual, write
from paste import THING, Batches

EMBEDDING = 128
SCALE, MARGIN = 20.0, 0.25


class Embedder(nn.Module):
    """About 2,100 multiplications a pixel: 20 million for a crop of 96 x 96."""

    def __init__(self):
        super().__init__()
        self.c1, self.c2, self.b2 = conv(3, 16, 2), conv(16, 32, 2), conv(32, 32, 1)
        self.c3, self.a3, self.b3 = conv(32, 64, 2), conv(64, 64, 1), conv(64, 64, 1)
        self.c4, self.a4, self.b4 = conv(64, 128, 2), conv(128, 128, 1), conv(128, 128, 1)
        self.figure_fine, self.figure_deep = nn.Conv2d(64, 1, 1), nn.Conv2d(128, 1, 1)
        self.norm = nn.BatchNorm1d(3 * (64 + 128))
        self.embed = nn.Linear(3 * (64 + 128), EMBEDDING, bias=False)

    def forward(self, x, box):
        """-> log-odds of each cell of the fine map that it belongs to a thing; embeddings of length 1"""
        x = F.relu(self.c2(F.relu(self.c1(x))))
        x = F.relu(self.b2(x) + x)
        fine = residual(F.relu(self.c3(x)), self.a3, self.b3)
        deep = residual(F.relu(self.c4(fine)), self.a4, self.b4)
        coarse = F.interpolate(self.figure_deep(deep), size=fine.shape[2:], mode="bilinear", align_corners=False)
        figure = (self.figure_fine(fine) + coarse).float()
        weight = torch.sigmoid(figure.detach()) + 0.02
        pooled = pool(fine.float(), deep.float(), weight, box)
        return figure, F.normalize(self.embed(self.norm(pooled)), dim=1)

    def write(self, path):
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
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
                ("figure", self.figure_fine, "b3"),
            ],
            outputs={"fine": "b3", "deep": "b4", "figure": "figure"},
            extras={
                "embed": self.embed.weight * scale,
                "embedBias": (self.embed.weight @ (self.norm.bias - self.norm.running_mean * scale))[None],
                "figureDeep": flat(self.figure_deep),
            },
        )


def pool(fine, deep, weight, box):
    """Weighted means of both maps over the box, its upper and its lower half. box: left, top, right, bottom, 0 to 1."""
    parts = []
    middle = (box[:, 1] + box[:, 3]) / 2
    for top, bottom in ((box[:, 1], box[:, 3]), (box[:, 1], middle), (middle, box[:, 3])):
        part = torch.stack([box[:, 0], top, box[:, 2], bottom], 1)
        for maps in (fine, deep):
            height, width = maps.shape[2:]
            here = weight if maps is fine else F.avg_pool2d(weight, 2)
            w = here * cover(part, height, width)[:, None]
            parts.append((maps * w).sum((2, 3)) / w.sum((2, 3)).clamp_min(1e-4))
    return torch.cat(parts, 1)


def cover(box, height, width):
    """Which share of each cell lies in the box."""

    def axis(low, high, count):
        edge = torch.arange(count, dtype=torch.float32) / count
        return (torch.minimum(high[:, None], edge + 1 / count) - torch.maximum(low[:, None], edge)).clamp_min(0) * count

    return axis(box[:, 1], box[:, 3], height)[:, :, None] * axis(box[:, 0], box[:, 2], width)[:, None, :]


def train(arguments):
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    made = Batches(CloseUp, arguments.pool, arguments.batch, arguments.seed)
    batches = iter(torch.utils.data.DataLoader(made, batch_size=None, num_workers=1, prefetch_factor=4))
    shots = arguments.shots
    things = (Path(arguments.pool) / "things.bin").stat().st_size // (THING * THING * 4 * shots)
    net = Embedder().to(memory_format=torch.channels_last)
    answers = nn.Parameter(torch.randn(things, EMBEDDING) * 0.1)
    groups = [
        {"params": [p for p in net.parameters() if p.ndim > 1] + [answers], "weight_decay": 0.02},
        {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=arguments.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, arguments.rate, total_steps=arguments.steps, pct_start=0.05, final_div_factor=100)
    started = time.time()
    for step in range(1, arguments.steps + 1):
        which, pictures, truth, box = next(batches)
        net.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            figure, embedding = net(((pictures - MEAN) / STD).to(memory_format=torch.channels_last), box)
        cosine = embedding.float() @ F.normalize(answers, dim=1).T
        target = which // shots
        margin = MARGIN * min(1, step / (0.2 * arguments.steps))
        logits = SCALE * (cosine - margin * F.one_hot(target, things))
        who = F.cross_entropy(logits, target)
        where = F.binary_cross_entropy_with_logits(figure, truth)
        optimizer.zero_grad()
        (who + 2 * where).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            right = (cosine.argmax(1) == target).float().mean()
            took = time.time() - started
            print(f"{step} who {who:.3f} right {right:.2f} where {where:.3f} {step * arguments.batch / took:.0f}/s {took:.0f} s", flush=True)
        if step % arguments.keep_every == 0 and step < arguments.steps:
            net.write(f"{arguments.out}.{step}")
    net.write(arguments.out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pool")
    parser.add_argument("out")
    parser.add_argument("--shots", type=int, default=8, help="as they were given to draw-pool.ts")
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep-every", type=int, default=2000)
    train(parser.parse_args())
