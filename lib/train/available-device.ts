import { versions } from '../backends.js';
import * as cuda from '../cuda/index.js';
import { type Device, type DeviceLike, device as deviceOf } from '../device.js';
import { TorchError, ValueError } from '../errors.js';

/**
 * The device, if it can be used here; without a wish CUDA where there is a GPU, else the CPU.
 *
 * @throws TorchError in Python's words, with what to do, when CUDA is asked for and not there
 */
export function availableDevice(wish: DeviceLike | undefined): Device {
  if (wish === undefined) return deviceOf(cuda.isAvailable() ? 'cuda' : 'cpu');
  const device = deviceOf(wish);
  if (device.type === 'cpu') return device;
  if (device.type !== 'cuda') throw new ValueError(`device must be cpu or cuda, got '${device}'`);
  if (!versions().cuda) {
    throw new TorchError(
      'Torch not compiled with CUDA enabled: use device cpu, or get the CUDA build with ' +
        'LIBTORCH_FLAVOR=cuda npx libtorch-node install',
    );
  }
  const count = cuda.deviceCount();
  if (count === 0) {
    throw new TorchError('No CUDA GPUs are available: install the NVIDIA driver, or use device cpu');
  }
  if (device.index !== null && device.index >= count) {
    throw new TorchError(`CUDA error: invalid device ordinal: '${device}' of ${count}, counted from cuda:0`);
  }
  return device;
}
