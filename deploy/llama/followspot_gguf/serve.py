"""`python -m followspot_gguf.serve FOLDER`: llama.cpp's own HTTP server on a GGUF model, in this process.

The server is the one of llama-server (tools/server), compiled into the package xllamacpp. Prints one line of
JSON with its address, and ends with its standard input: whoever started it need not be alive to stop it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import xllamacpp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="with model.gguf, and mmproj.gguf where it has eyes")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--context", type=int, default=8192, help="tokens, shared by all slots")
    parser.add_argument("--slots", type=int, default=2, help="requests at once")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--image-tokens", type=int, nargs=2, metavar=("LEAST", "MOST"))
    options = parser.parse_args()
    params = xllamacpp.CommonParams()
    params.model.path = str(options.folder / "model.gguf")
    params.model_alias = {options.folder.name}
    vision = options.folder / "mmproj.gguf"
    if vision.exists():
        params.mmproj.path = str(vision)
    params.hostnames = ["127.0.0.1"]
    params.port = options.port
    params.n_ctx = options.context
    params.n_parallel = options.slots
    params.cpuparams.n_threads = options.threads
    if options.image_tokens:
        params.image_min_tokens, params.image_max_tokens = options.image_tokens
    server = xllamacpp.Server(params)
    print(json.dumps({"address": server.listening_address}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
