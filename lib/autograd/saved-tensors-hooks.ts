import { tensorsIn } from '../memory.js';
import { inMode, type Mode } from '../modes.js';
import { native } from '../native.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { requireHandle, type Tensor, wrap } from '../tensor.js';

export interface SavedTensorsHooks<Packed> {
  /** What the graph keeps instead of the tensor; tensors in it live as long as the graph. */
  pack: (tensor: Tensor) => Packed;
  /** The tensor again, when backward needs it. */
  unpack: (packed: Packed, graphTask: number) => Tensor;
}

/**
 * Graphs made inside save what `pack` makes of their tensors (torch.autograd.graph.saved_tensors_hooks). Without a
 * body, until the answer is disposed. The innermost pair counts.
 */
export function savedTensorsHooks<Packed>(
  pack: SavedTensorsHooks<Packed>['pack'],
  unpack: SavedTensorsHooks<Packed>['unpack'],
): Mode;
export function savedTensorsHooks<Packed, T>(
  pack: SavedTensorsHooks<Packed>['pack'],
  unpack: SavedTensorsHooks<Packed>['unpack'],
  body: () => T,
): T;
export function savedTensorsHooks<Packed, T>(
  pack: SavedTensorsHooks<Packed>['pack'],
  unpack: SavedTensorsHooks<Packed>['unpack'],
  body?: () => T,
): T | Mode {
  if (typeof pack !== 'function' || typeof unpack !== 'function') {
    throw new TypeError('savedTensorsHooks() takes two functions, pack and unpack');
  }
  const enter = () => {
    native.pushSavedTensorHooks(
      (handle) => {
        const packed = pack(wrap(handle));
        for (const tensor of tensorsIn(packed)) tensor.keep();
        return packed;
      },
      (packed, graphTask) => requireHandle(unpack(packed as Packed, graphTask), 'what unpack returns'),
    );
    return () => native.popSavedTensorHooks();
  };
  return inMode('savedTensorsHooks', enter, body);
}

/** Saved tensors wait in the CPU's memory for backward (torch.autograd.graph.save_on_cpu). */
export function saveOnCpu<T>(body: () => T, options: { pinMemory?: boolean } = {}): T {
  requireNames(saveOnCpu, options, { pinMemory: true });
  const { pinMemory = false } = options;
  return savedTensorsHooks(
    (tensor) => {
      const { device } = tensor;
      if (!pinMemory) return { device, packed: tensor.cpu() };
      const { shape, dtype, layout } = tensor;
      return { device, packed: aten.empty(shape, { dtype, layout, pinMemory }).copy_(tensor) };
    },
    ({ device, packed }) => packed.to({ device, nonBlocking: pinMemory }),
    body,
  );
}
