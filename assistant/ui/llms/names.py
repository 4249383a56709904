"""How a model is called on screen."""

import re

_QUANTISATION = re.compile(
    r"[-._ ]((?:UD-)?(?:I?Q\d[0-9A-Z_]*|BF16|F16|F32|MXFP4(?:_MOE)?|TQ\d_\d))$", re.IGNORECASE
)


def split_name(name: str) -> tuple[str, str]:
    """`Qwen3-4B-Q4_K_M` gives `Qwen3 4B` and `Q4_K_M`; the second is empty where there is none."""
    name = name.removesuffix(".gguf")
    found = _QUANTISATION.search(name)
    if found is None:
        return name.replace("-", " ").strip() or name, ""
    return name[: found.start()].replace("-", " ").strip(), found.group(1)
