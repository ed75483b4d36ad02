import * as torch from 'libtorch-node';

export interface GainsParams {
  nonlinearities: string[];
  slopes: number[];
  shapes: number[][];
}

/** The numbers behind nn.init: gains, and the fans of weights. */
export function gains({ nonlinearities, slopes, shapes }: GainsParams) {
  const { calculateGain, calculateFanInAndFanOut } = torch.nn.init;
  return {
    gains: nonlinearities.map((name) => torch.float(calculateGain(name as torch.nn.init.Nonlinearity))),
    leaky: slopes.map((slope) => torch.float(calculateGain('leaky_relu', slope))),
    fans: shapes.map((shape) => calculateFanInAndFanOut(torch.empty(shape))),
  };
}
