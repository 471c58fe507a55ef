"""What PyTorch's modules mean as entries of an architecture file, given their arguments by name.

Channels come first, and axes count the batch as axis 0, as everywhere in PyTorch.
"""

from __future__ import annotations

from typing import Any

from ..language import Text

Given = dict[str, Any]
Entry = dict[str, dict[str, Any]]

FIRST = {"data_format": "channels_first"}


class Unsupported(ValueError):
    """A setting that PyTorch itself refuses, or that the registry has no layer for."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def one(kind: str, **fields: Any) -> list[Entry]:
    """An entry of one kind."""
    return [{kind: fields}]


def declared(axes: dict[int, int | None], **ranks: int) -> dict[str, Any]:
    """What a module says of its input: sizes of axes and numbers of axes, the batch among them."""
    known = {axis: size for axis, size in axes.items() if size is not None}
    return {"input_spec": {"axes": known, **ranks}}


def _sides(padding: Any, rank: int) -> Any:
    """PyTorch's padding of a window, per axis and on both sides; words stay words."""
    if isinstance(padding, str):
        return padding
    if isinstance(padding, (tuple, list)):
        return [[side, side] for side in padding] if len(padding) == rank else [list(padding)]
    return padding


def _bordered(padding: Any, rank: int) -> Any:
    """PyTorch's (left, right, top, bottom, ...), last axis first, as pairs per axis."""
    if isinstance(padding, int):
        return padding
    pairs = [list(padding[i : i + 2]) for i in range(0, len(padding), 2)]
    if len(pairs) != rank or len(padding) % 2:
        raise Unsupported(Text("padding takes 1 number or {n}, not {value}", n=2 * rank, value=list(padding)))
    return pairs[::-1]


def conv(rank: int, given: Given) -> list[Entry]:
    """A convolution; PyTorch refuses "same" with a stride."""
    strided = given["stride"] != 1 and set(_tuple(given["stride"])) != {1}
    if given["padding"] == "same" and strided:
        raise Unsupported(Text('padding="same" does not go with a stride in PyTorch'))
    return one(
        f"Conv{rank}D",
        filters=given["out_channels"],
        kernel_size=given["kernel_size"],
        strides=given["stride"],
        padding=_sides(given["padding"], rank),
        dilation_rate=given["dilation"],
        groups=given["groups"],
        use_bias=given["bias"],
        padding_mode=given["padding_mode"],
        **FIRST,
        **declared({1: given.get("in_channels")}, ndim=rank + 2),
    )


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def transposed(rank: int, given: Given) -> list[Entry]:
    """A transposed convolution."""
    if given["padding_mode"] != "zeros":
        raise Unsupported(Text('a transposed convolution takes padding_mode="zeros" alone'))
    return one(
        f"Conv{rank}DTranspose",
        filters=given["out_channels"],
        kernel_size=given["kernel_size"],
        strides=given["stride"],
        padding=_sides(given["padding"], rank),
        output_padding=given["output_padding"],
        groups=given["groups"],
        use_bias=given["bias"],
        dilation_rate=given["dilation"],
        **FIRST,
        **declared({1: given.get("in_channels")}, ndim=rank + 2),
    )


def pool(kind: str, rank: int, given: Given) -> list[Entry]:
    """Max, average or power pooling over windows."""
    if kind == "LPPooling" and rank == 1 and not isinstance(given["kernel_size"], int):
        raise Unsupported(Text("kernel_size takes one number, not {value}", value=list(given["kernel_size"])))
    fields = {"pool_size": given["kernel_size"], "ceil_mode": given["ceil_mode"], **FIRST}
    if given["stride"] not in (None, ()):
        fields["strides"] = given["stride"]
    if "padding" in given:
        fields["padding"] = _sides(given["padding"], rank)
    if "dilation" in given:
        fields["dilation_rate"] = given["dilation"]
    for name in ("norm_type", "count_include_pad", "divisor_override"):
        if name in given:
            fields[name] = given[name]
    return one(f"{kind}{rank}D", **fields)


def adaptive(kind: str, rank: int, given: Given) -> list[Entry]:
    """Pooling to a given number of parts."""
    if given["output_size"] is None:
        raise Unsupported(Text("output_size takes a number, or one per axis, not {value}", value=None))
    return one(f"{kind}{rank}D", output_size=given["output_size"], **FIRST)


def fractional(rank: int, given: Given) -> list[Entry]:
    """Max pooling over windows of random places."""
    if (given["output_size"] is None) == (given["output_ratio"] is None):
        raise Unsupported(Text("takes either output_size or output_ratio"))
    ratio = given["output_ratio"]
    sizes = {"output_size": given["output_size"], "output_ratio": list(_tuple(ratio)) if ratio else None}
    return one(f"FractionalMaxPooling{rank}D", pool_size=given["kernel_size"], **sizes, **FIRST)


def batch_norm(least: int, most: int, given: Given) -> list[Entry]:
    """Batch normalisation, with or without weights and moving statistics."""
    return one(
        "BatchNormalization",
        axis=1,
        epsilon=given["eps"],
        center=given["affine"] and given["bias"],
        scale=given["affine"],
        track_statistics=given["track_running_stats"],
        **declared({1: _features(given)}, min_ndim=least, max_ndim=most),
    )


def _features(given: Given) -> int | None:
    """num_features, which PyTorch does not look at without weights and statistics."""
    size: int | None = given.get("num_features") if given["affine"] or given["track_running_stats"] else None
    return size


def instance_norm(rank: int, given: Given) -> list[Entry]:
    """Instance normalisation, by default without weights."""
    spec = declared({1: _features(given)}, ndim=rank + 2)
    return one("InstanceNormalization", epsilon=given["eps"], center=given["affine"] and given["bias"], scale=given["affine"], **spec)  # fmt: skip


def group_norm(given: Given) -> list[Entry]:
    """Group normalisation."""
    if isinstance(given["num_groups"], int) and given["num_groups"] > 0 and given["num_channels"] % given["num_groups"]:
        raise Unsupported(Text("num_groups must divide num_channels"))
    learned = {"center": given["affine"] and given["bias"], "scale": given["affine"]}
    spec = declared({1: given["num_channels"]}, min_ndim=2)
    return one("GroupNormalization", groups=given["num_groups"], axis=1, epsilon=given["eps"], **learned, **spec)


def _last_axes(given: Given) -> tuple[list[int], dict[str, Any]]:
    """The axes that `normalized_shape` names, and what it declares of them."""
    shape = _tuple(given["normalized_shape"])
    axes = list(range(-len(shape), 0))
    return axes, declared(dict(zip(axes, shape, strict=True)))


def layer_norm(given: Given) -> list[Entry]:
    """Layer normalisation over the last axes."""
    axes, spec = _last_axes(given)
    scale = given["elementwise_affine"]
    return one("LayerNormalization", axis=axes, epsilon=given["eps"], scale=scale, center=scale and given["bias"], **spec)  # fmt: skip


def rms_norm(given: Given) -> list[Entry]:
    """RMS normalisation over the last axes."""
    axes, spec = _last_axes(given)
    return one("RMSNormalization", axis=axes, epsilon=given["eps"], scale=given["elementwise_affine"], **spec)


def response_norm(given: Given) -> list[Entry]:
    """Local response normalisation."""
    return one("LocalResponseNormalization", size=given["size"], alpha=given["alpha"], beta=given["beta"], bias=given["k"])  # fmt: skip


def border(kind: str, rank: int, given: Given) -> list[Entry]:
    """Padding of the map; constants are zeros where none is given."""
    value = {"value": given["value"]} if "value" in given else {}
    return one(f"{kind}{rank}D", padding=_bordered(given["padding"], rank), **value, **FIRST)


def linear(given: Given) -> list[Entry]:
    """A Dense layer."""
    spec = declared({-1: given["in_features"]}) if "in_features" in given else {}
    return one("Dense", units=given["out_features"], use_bias=given["bias"], **spec)


def flatten(given: Given) -> list[Entry]:
    """Axes in a row."""
    return one("Flatten", start_axis=given["start_dim"], end_axis=given["end_dim"])


def unflatten(given: Given) -> list[Entry]:
    """One axis as several."""
    return one("Unflatten", axis=given["dim"], sizes=list(_tuple(given["unflattened_size"])))


def upsample(mode: str | None, given: Given) -> list[Entry]:
    """Interpolation; the older modules fix the `mode`, and with it that corners are aligned."""
    corners = mode == "bilinear" or given.get("align_corners")
    fields = {"size": given["size"], "scale_factor": given["scale_factor"], "mode": mode or given["mode"], **FIRST}
    if corners:
        fields["align_corners"] = True
    if isinstance(fields["size"], tuple):
        fields["size"] = list(fields["size"])
    if isinstance(fields["scale_factor"], tuple):
        fields["scale_factor"] = list(fields["scale_factor"])
    return one("Upsample", **fields)


def unfold(given: Given) -> list[Entry]:
    """Windows as columns, or with `output_size` columns as a map."""
    sizes = {"output_size": given["output_size"]} if "output_size" in given else {}
    return one(
        "Fold" if sizes else "Unfold",
        kernel_size=given["kernel_size"],
        dilation_rate=given["dilation"],
        padding=_sides(given["padding"], 2),
        strides=given["stride"],
        **sizes,
    )


def recurrent(kind: str, given: Given) -> list[Entry]:
    """A stack of recurrent layers."""
    extra = {name: given[name] for name in ("proj_size", "nonlinearity") if name in given}
    return one(
        kind,
        hidden_size=given["hidden_size"],
        num_layers=given["num_layers"],
        use_bias=given["bias"],
        dropout=given["dropout"],
        bidirectional=given["bidirectional"],
        **extra,
        **declared({-1: given["input_size"]}),
    )


def attention(given: Given) -> list[Entry]:
    """Self-attention: query, key and value are the same; key_dim is the width of one head."""
    width, heads = given["embed_dim"], given["num_heads"]
    if not isinstance(width, int) or not isinstance(heads, int) or heads < 1 or width % heads:
        raise Unsupported(Text("num_heads must divide embed_dim"))
    if given["add_bias_kv"] or given["add_zero_attn"]:
        raise Unsupported(Text("add_bias_kv and add_zero_attn are not known"))
    spec = declared({-1: width})
    return one("MultiHeadAttention", num_heads=heads, key_dim=width // heads, use_bias=given["bias"], **spec)


def transformer(kind: str, given: Given) -> list[Entry]:
    """A layer of the transformer."""
    return one(
        kind,
        d_model=given["d_model"],
        nhead=given["nhead"],
        dim_feedforward=given["dim_feedforward"],
        dropout=given["dropout"],
        norm_first=given["norm_first"],
        use_bias=given["bias"],
    )


def mean_slope(given: Given) -> list[Entry]:
    """A slope that is drawn while training, and afterwards the mean of its bounds."""
    return one("LeakyReLU", negative_slope=(given["lower"] + given["upper"]) / 2)


def softmin(given: Given) -> list[Entry]:
    """The softmax of the negative numbers."""
    return [*one("Rescaling", scale=-1.0), *softmax(given)]


def softmax(given: Given) -> list[Entry]:
    """Softmax; without an axis, PyTorch takes the channels or the last axis, of the same shape."""
    return one("Softmax", axis=-1 if given["dim"] is None else given["dim"])
