"""Where the adapters are, as config.pbtxt says it."""

import json
from pathlib import Path


def adapter_folders(setting: str, beside: Path) -> dict[str, Path]:
    """
    From `{"name": "folder"}`, or from a folder whose sub-folders are adapters, each named as its sub-folder.
    """
    if not setting:
        return {}
    if setting.lstrip().startswith("{"):
        return {name: beside / folder for name, folder in sorted(json.loads(setting).items())}
    return {
        file.parent.name: file.parent for file in sorted((beside / setting).glob("*/adapter_config.json"))
    }
