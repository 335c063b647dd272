"""A model that speaks the tensors of Triton's vLLM backend without vLLM, for tests with a real tritonserver.

Inputs, outputs, their order in time and every failure a client can cause are those of
triton-inference-server/vllm_backend (`src/model.py`, `src/utils/request.py`, r26.01). What answers is an
`Engine`.
"""
