"""What the embedding is shown: one thing from near, at times with others about it or before it."""

import torch
import torch.nn.functional as F

from paste import Paste, boxes_of

SIDE = 96
"""Pixels of a picture's side."""
CELL = 8
"""Pixels of a cell of the fine map; the deep map's cells are twice as large."""


class CloseUp(Paste):
    def __init__(self, pool_dir, random):
        super().__init__(pool_dir, random, SIDE)

    def batch(self, count):
        """-> which [n], the thing; pictures [n, 3, 96, 96] (0 to 1); figure [n, 1, 12, 12], the share of each cell that
        is a thing; box [n, 4] about the thing, not to the pixel: left, top, right, bottom, 0 to 1."""
        which = torch.randint(len(self.things), (count,), generator=self.random)
        small = self.chance(0.25, count)
        size = small * self.uniform(0.25, 0.55, count) + (1 - small) * self.uniform(0.55, 0.98, count)
        room = (1 - size).clamp_min(0) + 0.08
        x, y = self.uniform(-0.9, 0.9, count) * room, self.uniform(-0.9, 0.9, count) * room
        target = self.place(self.cut(which), size, x, y)
        behind, before = self.another(size, 0.5), self.another(size, 0.25)
        scene = self.ground(count)
        for layer in (behind, target, before):
            scene = self.over(scene, layer)
        union = torch.maximum(torch.maximum(behind[:, 3:], target[:, 3:]), before[:, 3:])
        return which, self.expose(scene), F.avg_pool2d(union, CELL), self.jitter(boxes_of(target[:, 3]))

    def another(self, size, probability):
        count = len(size)
        there = torch.nonzero(self.chance(probability, count))[:, 0]
        which = torch.randint(len(self.things), (len(there),), generator=self.random)
        angle = self.uniform(0, 6.2832, len(there))
        far = size[there] * 0.55 + self.uniform(0.35, 0.9, len(there))
        out = torch.zeros(count, 4, SIDE, SIDE)
        if len(there) > 0:
            x, y = torch.cos(angle) * far, torch.sin(angle) * far
            out[there] = self.place(self.cut(which), self.uniform(0.3, 1.0, len(there)), x, y)
        return out

    def jitter(self, box):
        """People and proposals do not frame to the pixel."""
        span = torch.stack([box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]] * 2, 1).clamp_min(0.1)
        box = (box + span * self.uniform(-0.07, 0.07, len(box), 4)).clamp(0, 1)
        return torch.cat([box[:, :2].clamp_max(0.85), torch.maximum(box[:, 2:], box[:, :2].clamp_max(0.85) + 0.1)], 1)
