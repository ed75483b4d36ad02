// Parameters as one vector, and back (torch.nn.utils.convert_parameters).

import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';

function checkDevices(parameters: readonly Tensor[]): void {
  const devices = new Set(parameters.map(({ device }) => String(device)));
  if (devices.size <= 1) return;
  throw new TypeError('Found two parameters on different devices, this is currently not supported.');
}

/** All parameters, one after another, as one vector. */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  const list = [...parameters];
  checkDevices(list);
  return scope(() => aten.cat(list.map((parameter) => parameter.view([-1]))));
}

/** Lets the parameters share the vector's memory, one after another. */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  if (!isTensor(vector)) throw new TypeError(`expected torch.Tensor, but got: ${typeText(vector)}`);
  const list = [...parameters];
  checkDevices(list);
  scope(() => {
    let start = 0;
    for (const parameter of list) {
      const length = parameter.numel();
      parameter.setData(vector.narrow(0, start, length).viewAs(parameter).detach());
      start += length;
    }
  });
}
