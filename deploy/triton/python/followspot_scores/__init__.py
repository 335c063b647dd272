"""
The `scores` contract over Qwen2-VL: every label of a closed set scored in one forward pass over one picture.
"""
