"""Writes a Qwen2-VL as GGUF files and serves them with llama.cpp: for tests, and small models of our own.

Real checkpoints are converted by llama.cpp's own convert_hf_to_gguf.py, which knows every family and
quantizes.
"""
