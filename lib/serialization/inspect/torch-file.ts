import { strided } from '../../layout.js';
import { scope } from '../../memory.js';
import { OrderedDict } from '../../ordered-dict.js';
import { storageId, storageNbytes } from '../../storage.js';
import type { Tensor } from '../../tensor.js';
import { BadTensorError, CheckpointError } from '../errors.js';
import { type Leaves, leavesOf } from '../leaves.js';
import { load } from '../load.js';
import type { FileSummary, TensorSummary } from './summary.js';

/** Of a file that `torch.save` wrote. @param isArchive whether it can be mapped, so that nothing of it is read */
export function inspectTorch(path: string, isArchive: boolean): FileSummary {
  return scope(() => {
    const root = loadWithoutData(path, isArchive);
    const { tensors, values } = leavesIn(path, root);
    const storages = new Map<bigint, { name: string; nbytes: number }>();
    const summaries = [...tensors].map(([name, tensor]) => {
      const id = tensor.layout === strided ? storageId(tensor) : null;
      const shared = id === null ? undefined : storages.get(id);
      if (id !== null && !shared) storages.set(id, { name, nbytes: storageNbytes(tensor) });
      return summaryOf(name, tensor, shared?.name);
    });
    const dense = [...storages.values()].reduce((sum, { nbytes }) => sum + nbytes, 0);
    const others = summaries.reduce((sum, { layout, nbytes }) => sum + (layout ? nbytes : 0), 0);
    return {
      ...{ format: 'PyTorch', tensors: summaries, nbytes: dense + others },
      values: new Map([...values, ...metadataOf(root)]),
    };
  });
}

function leavesIn(path: string, root: unknown): Leaves {
  try {
    return leavesOf(root);
  } catch (error) {
    if (error instanceof CheckpointError) error.message = `cannot inspect ${path}: ${error.message}`;
    throw error;
  }
}

function loadWithoutData(path: string, mmap: boolean): unknown {
  try {
    return load(path, { mapLocation: 'meta', mmap, keepUnknown: true });
  } catch (error) {
    if (!(error instanceof BadTensorError)) throw error;
    // The indices of a sparse tensor have to be there to be checked.
    return load(path, { mapLocation: 'cpu', mmap, keepUnknown: true });
  }
}

// What a state dict's `_metadata` says of the whole, besides the version that every module has.
function metadataOf(root: unknown): [string, unknown][] {
  const metadata = root instanceof OrderedDict ? root.metadata?.get('') : undefined;
  return [...leavesOf(new Map(metadata)).values]
    .filter(([key]) => key !== 'version')
    .map(([key, value]) => [`_metadata.${key}`, value]);
}

function summaryOf(name: string, tensor: Tensor, sharesWith: string | undefined): TensorSummary {
  const { shape, dtype, layout } = tensor;
  const isDense = layout === strided;
  return {
    ...{ name, shape, dtype: dtype.name, nbytes: tensor.numel() * dtype.itemsize },
    ...(isDense && !tensor.isContiguous() && { stride: tensor.stride() }),
    ...(isDense && tensor.storageOffset() > 0 && { storageOffset: tensor.storageOffset() }),
    ...(!isDense && { layout: `${layout}`.replace('torch.', ''), nbytes: tensor.nbytes }),
    ...(sharesWith !== undefined && { sharesWith }),
  };
}
