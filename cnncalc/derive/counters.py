"""The counters that people quote, a line per rule. Each was recorded in the version that `conventions.py` names.

Batch 1, the network in use (not in training) and gradients on. What a counter leaves out in silence is left out here; what
was not recorded is missing, and `Convention.entries` says what happens then.
"""

from __future__ import annotations

from .rules import (
    ATTENTION_ALWAYS_BIAS,
    ATTENTION_BIAS,
    ATTENTION_TWICE,
    BIAS,
    BIAS_ONCE,
    EXACT,
    OUTWARD,
    POOLED,
    SCALED_SCORES,
    SCORES,
    SIZE_ALONE,
    SOFTMAX,
    TWICE,
    WHOLE_WINDOWS,
    WITHOUT_LENGTH,
    Concern,
    inputs,
    normal,
    outputs,
    parameters,
    steps,
    table,
)

ACTIVATION, NORMALIZATION, POOLING = Concern.activation, Concern.normalization, Concern.pooling
UPSAMPLING, RECURRENT, EMBEDDING = Concern.upsampling, Concern.recurrent, Concern.embedding

CONVOLUTIONS = "Conv ConvTranspose"
RECURRENTS = "LSTM GRU SimpleRNN"
NORMS = "BatchNorm BatchNormUntracked LayerNorm GroupNorm InstanceNorm"
POOLS = "MaxPool AvgPool AdaptiveMaxPool AdaptiveAvgPool1d AdaptiveAvgPool2d"
ACTIVATIONS = "ReLU ReLU6 LeakyReLU PReLU ELU GELU SiLU Softmax LogSoftmax"
UPSAMPLES = "UpsampleNearest1d UpsampleNearest2d UpsampleLinear1d UpsampleBilinear2d UpsampleBicubic2d"

FVCORE = table(
    (EXACT, f"{CONVOLUTIONS} Linear MatMul MultiheadAttention"),
    (normal(2, 1), "BatchNorm"),
    (normal(5, 4), "BatchNormUntracked LayerNorm GroupNorm InstanceNorm"),
    (inputs(POOLING), "AdaptiveAvgPool2d"),
    (outputs(UPSAMPLING), "UpsampleNearest2d"),
    (outputs(UPSAMPLING, 4), "UpsampleBilinear2d"),
    (None, f"RMSNorm {ACTIVATIONS} MaxPool AvgPool AdaptiveMaxPool AdaptiveAvgPool1d"),
    (None, f"UpsampleNearest1d UpsampleLinear1d UpsampleBicubic2d {RECURRENTS} Embedding"),
)
"""fvcore's FlopCountAnalysis."""

PTFLOPS_STEPS = {"LSTM": 10, "GRU": 7, "SimpleRNN": 1}

PTFLOPS = table(
    (EXACT, f"{CONVOLUTIONS} Linear MatMul {RECURRENTS}"),
    (BIAS, f"{CONVOLUTIONS} Linear"),
    (normal(2, 1), "BatchNorm BatchNormUntracked GroupNorm InstanceNorm"),
    (normal(1, 1), "LayerNorm"),
    (outputs(ACTIVATION, 2), "ReLU PReLU ELU GELU"),  # the hook of the module, and the patched F.relu that it calls
    (outputs(ACTIVATION), "ReLU6 LeakyReLU SiLU Softmax"),
    (inputs(POOLING, 2), POOLS),  # the hook and the patched function again
    (outputs(UPSAMPLING, 2), UPSAMPLES),
    (steps(PTFLOPS_STEPS), RECURRENTS),
    (ATTENTION_TWICE, "MultiheadAttention"),
    (ATTENTION_ALWAYS_BIAS, "MultiheadAttention"),
    (SCALED_SCORES, "MultiheadAttention"),
    (None, "RMSNorm LogSoftmax Embedding"),
)
"""ptflops with its backend "pytorch", the default."""

ATEN = table(
    (EXACT, f"{CONVOLUTIONS} Linear MatMul GRU SimpleRNN MultiheadAttention"),
    (BIAS, f"{CONVOLUTIONS} Linear"),
    (steps({}), "GRU SimpleRNN"),
    (ATTENTION_BIAS, "MultiheadAttention"),
    (
        None,
        f"LSTM {NORMS} RMSNorm {ACTIVATIONS} {POOLS} {UPSAMPLES} Embedding",
    ),  # on a CPU an LSTM is one fused operation
)
"""ptflops with its backend "aten"."""

TORCH = table(
    (TWICE, f"{CONVOLUTIONS} Linear MatMul GRU SimpleRNN MultiheadAttention"),
    (
        None,
        f"LSTM {NORMS} RMSNorm {ACTIVATIONS} {POOLS} {UPSAMPLES} Embedding",
    ),  # on a CPU an LSTM is one fused operation
)
"""PyTorch's own FlopCounterMode."""

THOP_STEPS = steps({"LSTM": 4, "GRU": 4}, per_column=1)

THOP = table(
    (EXACT, f"Conv Linear {RECURRENTS}"),
    (OUTWARD, "ConvTranspose"),
    (normal(4, 2), "BatchNorm BatchNormUntracked LayerNorm InstanceNorm"),
    (outputs(ACTIVATION), "PReLU"),
    (SOFTMAX, "Softmax"),
    (outputs(POOLING), "AvgPool"),
    (POOLED, "AdaptiveAvgPool1d AdaptiveAvgPool2d"),
    (outputs(UPSAMPLING), "UpsampleNearest1d UpsampleNearest2d"),
    (outputs(UPSAMPLING, 5), "UpsampleLinear1d"),
    (outputs(UPSAMPLING, 11), "UpsampleBilinear2d"),
    (outputs(UPSAMPLING, 259), "UpsampleBicubic2d"),
    (THOP_STEPS, RECURRENTS),
    (None, "GroupNorm RMSNorm ReLU ReLU6 LeakyReLU ELU GELU SiLU LogSoftmax MaxPool AdaptiveMaxPool"),
    (None, "MultiheadAttention MatMul Embedding"),
)
"""thop's profile."""

THOP_OLD = table(
    (EXACT, f"Conv Linear {RECURRENTS}"),
    (OUTWARD, "ConvTranspose"),
    (BIAS, CONVOLUTIONS),
    (normal(2, 2), "BatchNorm BatchNormUntracked"),
    (outputs(ACTIVATION), "LeakyReLU"),
    (outputs(POOLING), "AvgPool"),
    (WHOLE_WINDOWS, "AdaptiveAvgPool1d AdaptiveAvgPool2d"),
    (outputs(UPSAMPLING, 5), "UpsampleLinear1d"),
    (outputs(UPSAMPLING, 11), "UpsampleBilinear2d"),
    (outputs(UPSAMPLING, 259), "UpsampleBicubic2d"),
    (THOP_STEPS, RECURRENTS),
    (None, "LayerNorm GroupNorm InstanceNorm RMSNorm ReLU ReLU6 PReLU ELU GELU SiLU Softmax LogSoftmax"),
    (None, "MaxPool AdaptiveMaxPool UpsampleNearest1d UpsampleNearest2d MultiheadAttention MatMul Embedding"),
)
"""thop's profile as it was in 2020."""

TORCHINFO = table(
    (EXACT, f"Conv {RECURRENTS}"),
    (OUTWARD, "ConvTranspose"),
    (WITHOUT_LENGTH, "Linear"),
    (BIAS, CONVOLUTIONS),
    (BIAS_ONCE, "Linear"),
    (parameters(NORMALIZATION), f"{NORMS} RMSNorm"),
    (parameters(ACTIVATION), "PReLU"),
    (parameters(EMBEDDING), "Embedding"),  # the whole table, whatever is looked up
    (steps({}), RECURRENTS),
    (None, "ReLU ReLU6 LeakyReLU ELU GELU SiLU Softmax LogSoftmax MultiheadAttention MatMul"),
    (None, f"{POOLS} {UPSAMPLES}"),
)
"""torchinfo's total_mult_adds."""

DEEPSPEED = table(
    (TWICE, f"{CONVOLUTIONS} Linear MatMul {RECURRENTS} MultiheadAttention"),
    (BIAS, CONVOLUTIONS),
    (normal(2, 1), "BatchNorm"),
    (normal(5, 4), "BatchNormUntracked LayerNorm GroupNorm InstanceNorm"),
    (outputs(ACTIVATION), "ReLU LeakyReLU PReLU ELU GELU SiLU Softmax"),
    (SCORES, "MultiheadAttention"),
    (inputs(POOLING), POOLS),
    (SIZE_ALONE, UPSAMPLES),
    (steps(PTFLOPS_STEPS, per_column=-2), RECURRENTS),  # k products have k - 1 sums
    (None, "RMSNorm ReLU6 LogSoftmax Embedding"),
)
"""The flops of DeepSpeed's profiler."""
