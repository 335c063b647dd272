"""Makes a Qwen2-VL small enough for a CPU and teaches it a show's data set, with nothing downloaded."""
