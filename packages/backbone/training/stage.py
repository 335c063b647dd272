"""What the finder is shown: places with up to three things, near and far, some hiding others."""

import numpy as np
import torch
import torch.nn.functional as F

from paste import THING, Paste, boxes_of

SIDE = 128
"""Pixels of a picture's side."""
CELL = 8
"""Pixels of a cell of the fine map; the deep map's cells are twice, the wide map's four times as large."""
LAYERS = 3
"""Things in a picture, at the most; later ones stand before earlier ones."""
HIDDEN = 0.35
"""Of whom less is seen, nobody can say where the rest is."""


class Stage(Paste):
    def __init__(self, pool_dir, random):
        super().__init__(pool_dir, random, SIDE)
        parts = [self.things[at : at + 512, :, :, 3].sum((1, 2), dtype=np.float32) for at in range(0, len(self.things), 512)]
        # Covered pixels of each thing as it was drawn.
        self.areas = torch.from_numpy(np.concatenate(parts) / 255)

    def batch(self, count):
        """-> pictures [n, 3, 128, 128] (0 to 1); figure [n, 1, 16, 16], the share of each cell that is a thing; owner
        [n, 16, 16], the layer that fills most of a cell, or -1; box [n, 3, 4] of each layer (left, top, right, bottom,
        0 to 1); seen [n, 3], the share of each thing that is in view, 0 where there is none."""
        near = self.chance(0.45, count)
        which = torch.randint(len(self.things), (count, LAYERS), generator=self.random)
        there, size, x, y = self.arrange(near)
        scene = self.ground(count)
        covers = []
        for layer in range(LAYERS):
            here = torch.nonzero(there[:, layer])[:, 0]
            rgba = torch.zeros(count, 4, SIDE, SIDE)
            if len(here) > 0:
                rgba[here] = self.place(self.cut(which[here, layer]), size[here, layer], x[here, layer], y[here, layer])
            covers.append(rgba[:, 3])
            scene = self.over(scene, rgba)
        return self.expose(scene), *self.truth(torch.stack(covers, 1), size, which)

    def arrange(self, near):
        """Half the pictures show one thing from near, some with others about it; half a stage with up to three."""
        count = len(near)
        small = self.chance(0.25, count)
        main = small * self.uniform(0.3, 0.55, count) + (1 - small) * self.uniform(0.55, 0.98, count)
        room = (1 - main).clamp_min(0) + 0.08
        cx, cy = self.uniform(-0.9, 0.9, count) * room, self.uniform(-0.9, 0.9, count) * room
        wide = torch.exp(self.uniform(np.log(0.1), np.log(0.85), count, LAYERS))
        wx, wy = self.uniform(-0.95, 0.95, count, LAYERS), self.uniform(-0.95, 0.95, count, LAYERS)
        spread = (1.1 - wide).clamp_min(0.1)
        there = self.chance(torch.tensor([0.8, 0.6, 0.4]).expand(count, LAYERS), count, LAYERS)
        size, x, y = wide, wx * spread, wy * spread
        angle = self.uniform(0, 6.2832, count, LAYERS)
        far = main[:, None] * 0.55 + self.uniform(0.35, 0.9, count, LAYERS)
        others = self.uniform(0.3, 1.0, count, LAYERS)
        is_near = near[:, None].bool()
        size = torch.where(is_near, others, size)
        x, y = torch.where(is_near, torch.cos(angle) * far, x), torch.where(is_near, torch.sin(angle) * far, y)
        beside = self.chance(torch.tensor([0.5, 1.0, 0.25]).expand(count, LAYERS), count, LAYERS)
        there = torch.where(is_near, beside, there)
        middle = torch.zeros(count, LAYERS, dtype=torch.bool)
        middle[:, 1] = is_near[:, 0]
        size = torch.where(middle, main[:, None], size)
        return there, size, torch.where(middle, cx[:, None], x), torch.where(middle, cy[:, None], y)

    def truth(self, covers, size, which):
        behind = torch.ones(len(covers), SIDE, SIDE)
        visible = [None] * LAYERS
        for layer in reversed(range(LAYERS)):
            visible[layer] = covers[:, layer] * behind
            behind = behind * (1 - covers[:, layer])
        visible = torch.stack(visible, 1)
        cells = F.avg_pool2d(visible, CELL)
        figure = cells.sum(1, keepdim=True).clamp_max(1)
        most, owner = cells.max(1)
        owner = torch.where(most > 0.4, owner, torch.tensor(-1))
        # What a thing would cover if nothing hid it and the picture did not end.
        areas = self.areas[which] * (size * SIDE / THING) ** 2
        seen = (visible.sum((2, 3)) / areas.clamp_min(1)).clamp_max(1)
        return figure, owner, boxes_of(covers), seen * (covers.amax((2, 3)) > 0.3)
