import { native } from './native.js';
import { getRngState, setRngState } from './random.js';
import { isTensor, requireHandle, type Tensor, wrap } from './tensor.js';

/** The state of a CUDA device's default generator. */
export function cudaRngState(device: number): Tensor {
  return wrap(native.cudaRngState(device));
}

export function setCudaRngState(state: Tensor, device: number): void {
  native.cudaSetRngState(requireHandle(state, 'new_state'), device);
}

type Restore = () => void;

function remember(devices: readonly number[]): Restore {
  const cpu = getRngState().keep();
  const states = devices.map((device) => cudaRngState(device).keep());
  return () => {
    setRngState(cpu);
    devices.forEach((device, i) => {
      setCudaRngState(states[i] as Tensor, device);
    });
  };
}

/** A function that runs others with the random numbers of now, and leaves the generators as it found them. */
export function forkRng(args: readonly unknown[]): (run: () => unknown) => unknown {
  const cuda = args.filter(isTensor).filter(({ device }) => device.type === 'cuda');
  const devices = [...new Set(cuda.map(({ device }) => device.index ?? 0))];
  const then = remember(devices);
  return (run) => {
    const now = remember(devices);
    try {
      then();
      return run();
    } finally {
      now();
    }
  };
}
