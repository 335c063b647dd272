"""Drawn things, drawn places, and what light and lens do to them: what both networks are shown is made of this."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

THING = 96
"""Pixels of a drawn thing's side."""
GROUND = 128
"""Pixels of a drawn place's side."""


class Paste:
    def __init__(self, pool_dir, random, side):
        things = np.fromfile(Path(pool_dir) / "things.bin", np.uint8).reshape(-1, THING, THING, 4)
        grounds = np.fromfile(Path(pool_dir) / "grounds.bin", np.uint8).reshape(-1, GROUND, GROUND, 3)
        self.things, self.grounds, self.random, self.side = things, grounds, random, side

    def uniform(self, low, high, *shape):
        return torch.rand(*shape, generator=self.random) * (high - low) + low

    def chance(self, probability, *shape):
        return (torch.rand(*shape, generator=self.random) < probability).float()

    def cut(self, indices):
        rgba = torch.from_numpy(self.things[indices.numpy()]).permute(0, 3, 1, 2).float() / 255
        return torch.cat([rgba[:, :3] * rgba[:, 3:], rgba[:, 3:]], 1)

    def place(self, cut, size, x, y):
        """Turns, mirrors, stretches, scales (share of the picture) and moves (-1 to 1)."""
        count, side = len(cut), self.side
        turn = self.uniform(-0.2, 0.2, count)
        stretch = self.uniform(0.88, 1.14, count)
        mirror = 1 - 2 * self.chance(0.5, count)
        c, s = torch.cos(turn), torch.sin(turn)
        theta = torch.stack([
            torch.stack([c / size * mirror / stretch, s / size / stretch, torch.zeros(count)], 1),
            torch.stack([-s / size * mirror, c / size, torch.zeros(count)], 1),
        ], 1)
        theta[:, :, 2:] = -theta[:, :, :2] @ torch.stack([x, y], 1)[:, :, None]
        # What gets smaller is averaged first, or it would be a pattern of single pixels.
        out = torch.zeros(count, 4, side, side)
        for shrink, fits in ((1, size > 0.5), (2, (size <= 0.5) & (size > 0.25)), (4, size <= 0.25)):
            some = torch.nonzero(fits)[:, 0]
            if len(some) == 0:
                continue
            source = F.avg_pool2d(cut[some], shrink) if shrink > 1 else cut[some]
            grid = F.affine_grid(theta[some], (len(some), 4, side, side), align_corners=False)
            out[some] = F.grid_sample(source, grid, align_corners=False)
        return out

    def over(self, scene, layer):
        """A thing over a scene, half the time with a soft shadow."""
        count, side = len(scene), self.side
        shadow = F.avg_pool2d(F.avg_pool2d(layer[:, 3:], 4), 3, 1, 1)
        shadow = shadow * self.uniform(0, 0.7, count, 1, 1, 1) * self.chance(0.5, count, 1, 1, 1)
        light = 1 - F.interpolate(shadow, size=(side, side), mode="bilinear", align_corners=False)
        return torch.addcmul(layer[:, :3], scene, light * (1 - layer[:, 3:]))

    def ground(self, count):
        side = self.side
        which = torch.randint(len(self.grounds), (count,), generator=self.random)
        rgb = torch.from_numpy(self.grounds[which.numpy()]).permute(0, 3, 1, 2).float() / 255
        zoom = self.uniform(0.35, 1.0, count)
        mirror = 1 - 2 * self.chance(0.5, count)
        x, y = self.uniform(-1, 1, count) * (1 - zoom), self.uniform(-1, 1, count) * (1 - zoom)
        zero = torch.zeros(count)
        theta = torch.stack([torch.stack([zoom * mirror, zero, x], 1), torch.stack([zero, zoom, y], 1)], 1)
        grid = F.affine_grid(theta, (count, 3, side, side), align_corners=False)
        out = F.grid_sample(rgb, grid, align_corners=False, padding_mode="reflection")
        blurred = F.interpolate(F.avg_pool2d(out, 8), size=(side, side), mode="bilinear")
        soft = self.chance(0.35, count, 1, 1, 1) * self.uniform(0.4, 1, count, 1, 1, 1)
        return torch.lerp(out, blurred, soft)

    def expose(self, x):
        """Lamps, gels, exposure, what packages/recognition/src/light.ts takes out again, lens and sensor."""
        count = len(x)
        one = (count, 1, 1, 1)
        gel = self.chance(0.3, *one)
        strength = gel * 0.4 + (1 - gel) * 0.1
        colour = torch.exp(torch.randn(count, 3, 1, 1, generator=self.random) * strength)
        pale = self.uniform(0, 0.35, *one) * self.chance(0.5, *one)
        x = torch.lerp(x, x.mean(1, keepdim=True), pale)
        haze = self.uniform(0, 0.2, *one) * self.chance(0.3, *one)
        x = (x * (1 - haze) + haze) * colour * torch.exp(self.uniform(-0.8, 0.5, *one))
        x = (x.clamp_(1e-4, 1).log_() * self.uniform(0.75, 1.35, *one)).exp_()
        level = x[:, :, ::2, ::2].square().square().mean((2, 3), keepdim=True) ** 0.25
        overall = level.clamp_min(0.02).log().mean(1, keepdim=True).exp()
        undo = self.uniform(0, 1, *one)
        gain = (overall / level.clamp_min(0.02)) ** (0.6 * undo) * ((150 / 255 / overall) ** undo)
        x = x * gain.clamp(1 / 6, 6)
        soft = self.chance(0.35, *one) * self.uniform(0.3, 1, *one)
        x = torch.lerp(x, F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), soft)
        noise = torch.rand(x.shape, generator=self.random).sub_(0.5)
        return x.addcmul_(noise, self.uniform(0, 0.13, *one)).clamp_(0, 1)


def boxes_of(covers):
    """Cover [..., h, w] -> left, top, right, bottom of what is covered, 0 to 1; at least a pixel."""
    side = covers.shape[-1]
    edges = torch.arange(side)
    sides = []
    for axis in (-2, -1):
        covered = covers.amax(axis) > 0.3
        low = torch.where(covered, edges, side).amin(-1).clamp_max(side - 1) / side
        high = (torch.where(covered, edges, -1).amax(-1) + 1).clamp_min(1) / side
        sides.append((low, torch.maximum(high, low + 1 / side)))
    (left, right), (top, bottom) = sides
    return torch.stack([left, top, right, bottom], -1)


class Batches(torch.utils.data.IterableDataset):
    """Made in a process of their own, one after another: the same seed gives the same batches."""

    def __init__(self, scene, pool_dir, size, seed):
        self.scene, self.pool_dir, self.size, self.seed = scene, pool_dir, size, seed

    def __iter__(self):
        torch.set_num_threads(1)
        scene = self.scene(self.pool_dir, torch.Generator().manual_seed(self.seed))
        while True:
            yield scene.batch(self.size)
