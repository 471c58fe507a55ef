"""ConvLSTM: the input is convolved for all steps at once, the state "same" and without strides at every step."""

from __future__ import annotations

from ...layers.conv_lstm import ConvLSTM
from ..arrays import Array, Outputs, channels_back, channels_last
from ..call import Call
from ..contraction import convolve
from ..dispatch import forward
from ..initializers import orthogonal
from ..recurrence import States, as_examples, as_steps, at_rest, lstm_bias, remember, unroll
from ..windows import sides


@forward.register
def conv_lstm(layer: ConvLSTM, call: Call, x: Array, *given: Array) -> Outputs:
    first, size, ones = layer.channels_first, layer.kernel_size, (1,) * layer.rank
    columns = 4 * layer.filters
    frames = channels_last(as_examples(x), first)
    kernel = call.weight("kernel", (*size, frames.shape[-1], columns))
    recurrent = call.weight("recurrent_kernel", (*size, layer.filters, columns), orthogonal)
    around = sides(layer.padding, frames.shape[1:-1], size, layer.strides, layer.dilation_rate)
    z = convolve(call, frames, kernel, strides=layer.strides, rates=layer.dilation_rate, around=around)
    if layer.use_bias:
        z = z + call.weight("bias", (columns,), lstm_bias(forget=layer.unit_forget_bias))
    z = as_steps(channels_back(z, first), len(x))
    axis = 1 if first else -1

    def step(z: Array, states: States) -> States:
        h, c = states
        state = channels_last(h, first)
        around = sides("same", state.shape[1:-1], size, ones, ones)
        inner = convolve(call, state, recurrent, strides=ones, rates=ones, around=around)
        sums = z + channels_back(inner, first)
        return remember(sums, c, layer.activation, layer.recurrent_activation, axis)

    return unroll(layer, z, given or at_rest(z, 4, 2, axis), step)
