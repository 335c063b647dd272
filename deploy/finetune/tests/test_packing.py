"""Trunk and branches."""

import torch
from followspot_finetune.packing import Branch, Packed, loss_of, pack, positions_of, sight_of


def packed() -> Packed:
    return pack([7, 7, 7], [Branch((1, 2), (3,)), Branch((4,), (5, 6))])


def test_a_branch_sees_the_trunk_and_itself_and_nothing_later() -> None:
    assert sight_of(packed())[0, 0].int().tolist() == [
        [1, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0, 0, 1, 0, 0],
        [1, 1, 1, 0, 0, 0, 1, 1, 0],
        [1, 1, 1, 0, 0, 0, 1, 1, 1],
    ]


def test_only_answers_are_learnt_each_token_from_the_one_before() -> None:
    one = packed()
    assert one.tokens.tolist() == [7, 7, 7, 1, 2, 3, 4, 5, 6]
    assert one.learnt.tolist() == [3, 5, 6]
    assert one.learnt_from.tolist() == [4, 6, 7]
    assert one.answer_of.tolist() == [0, 1, 1]
    assert one.asked_at.tolist() == [4, 6]


def test_every_branch_goes_on_behind_the_largest_position_of_the_trunk() -> None:
    trunk = torch.tensor([[[0, 1, 1]], [[0, 1, 2]], [[0, 1, 9]]])
    positions = positions_of(packed(), trunk)
    assert positions.shape == (3, 1, 9)
    assert positions[2, 0].tolist() == [0, 1, 9, 10, 11, 12, 10, 11, 12]
    assert positions[0, 0, 3:].tolist() == positions[2, 0, 3:].tolist()


def test_a_long_answer_counts_no_more_than_a_short_one() -> None:
    one = packed()
    logits = torch.zeros(3, 10)
    logits[0, 3] = 50
    # The short answer is foretold, of the long one nothing is: half of the loss of knowing nothing.
    assert torch.isclose(loss_of(logits, one), torch.log(torch.tensor(10.0)) / 2, atol=1e-4)
