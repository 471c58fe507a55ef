"""Names that a layer's config may hold beside what its numbers follow from."""

from __future__ import annotations

BY_NAME = frozenset(
    [
        "count_include_pad", "data_format", "divisor_override", "end_axis", "input_spec", "lora_alpha", "lora_rank",
        "num_parameters", "padding_mode", "start_axis", "track_statistics", "trainable",
    ]
)  # fmt: skip
"""Fields that no Keras constructor takes by position."""

SETTINGS = frozenset(
    [
        "activity_regularizer",
        "autocast",
        "bounding_box_format",
        "implementation",
        "stateful",
        "time_major",
        "unroll",
        "zero_output_for_mask",
        "batch_input_shape",
        "build_config",
        "dtype",
        "fused",
        "quantization_config",
        "renorm",
        "reverse_dtype",
        "renorm_clipping",
        "renorm_momentum",
        "seed",
        "synchronized",
    ]
)
WEIGHT_NAMES = (
    "alpha", "beta", "bias", "depthwise", "embeddings", "gamma", "kernel", "moving_mean", "moving_variance",
    "pointwise", "recurrent",
)  # fmt: skip
WEIGHT_SETTINGS = frozenset(
    f"{weight}_{what}" for weight in WEIGHT_NAMES for what in ("initializer", "regularizer", "constraint")
)


def is_setting(key: object) -> bool:
    """Whether a config's key is about training or number types."""
    return key in SETTINGS or key in WEIGHT_SETTINGS
