// The only naming code: PyTorch's snake_case outside, camelCase in TypeScript.

/**
 * Names of the pinned library whose camelCase form does not show where the underscores were: `mT`, `atleast1d`.
 * A test holds the list against every registered schema. One pair shares a form: `qScale` is the operator `q_scale`,
 * so the argument `qScale` of two quantised matmuls is not listed (arguments are matched by camelCase form anyway).
 */
const irregular = `
  A B C H HxW K L LD LU M N P Q R S U UPLO V Vh W X LU_data LU_pivots compressed_A dense_B sum_S total_L
  H_diag mH mT matrix_H numpy_T _dimI _dimV gO ggI ggW innerKTiles layersOutputs qGroupSize qScaleAndZeros qZeros
  reserveSpace reservedSpace _cast_Byte _cast_Char _cast_Double _cast_Float _cast_Half _cast_Int _cast_Long
  _cast_Short atleast_1d atleast_2d atleast_3d grid_sampler_2d grid_sampler_2d_backward grid_sampler_3d
  grid_sampler_3d_backward _grid_sampler_2d_cpu_fallback _grid_sampler_2d_cpu_fallback_backward
  _dyn_quant_matmul_4bit _dyn_quant_pack_4bit_weight fuse_transform_0213 ffn_bias_1 ffn_bias_2 ffn_weight_1
  ffn_weight_2 norm_bias_1 norm_bias_2 norm_weight_1 norm_weight_2
`;

/** `max_pool2d` → `maxPool2d`, `_foreach_add_` → `_foreachAdd_`: underscores at either end stay. */
export function snakeToCamel(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])_([A-Za-z0-9])/g, (_, next: string) => next.toUpperCase());
}

const irregularByCamel = new Map(
  irregular
    .trim()
    .split(/\s+/)
    .map((name) => [snakeToCamel(name), name]),
);

/** The inverse of `snakeToCamel` for the operator and argument names of the pinned library. */
export function camelToSnake(name: string): string {
  return irregularByCamel.get(name) ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
