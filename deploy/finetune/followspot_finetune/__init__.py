"""Fine-tunes a Qwen2-VL on a show: a training set of `followspot finetune` in, a LoRA adapter out."""
