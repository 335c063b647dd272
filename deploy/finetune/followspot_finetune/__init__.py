"""Fine-tunes a Qwen2-VL on a show: a training set that `followspot finetune` wrote goes in, a LoRA adapter comes out."""
