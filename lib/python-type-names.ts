const types = /(?:Variable\[)?(Sparse)?(CPU|CUDA)(Byte|Char|Double|Float|Int|Long|Short|Half)Type\b\]?/g;

/** Python's names of tensor types in a text of libtorch: `CPUFloatType` → `torch.FloatTensor` (`processErrorMsg`). */
export function pythonTypeNames(text: string): string {
  return text.replace(types, (found, sparse, backend, type) => {
    // The closing bracket belongs to the type only where it also opens there.
    const rest = found.endsWith(']') && !found.startsWith('Variable[') ? ']' : '';
    return `torch.${backend === 'CUDA' ? 'cuda.' : ''}${sparse ? 'sparse.' : ''}${type}Tensor${rest}`;
  });
}
