import { TorchError } from '../errors.js';
import { requireKnown } from '../options.js';
import { makeLazy, setField } from './lazy.js';
import { Linear, type LinearOptions } from './linear.js';
import { isUninitialized, UninitializedParameter } from './uninitialized.js';

/** Linear without inFeatures. */
export class LazyLinear extends Linear {
  static {
    makeLazy<Linear>(LazyLinear, Linear, {
      size: 'inFeatures',
      infer(module, input) {
        const features = input.shape.at(-1) as number;
        const { weight, bias } = module;
        setField(module, 'inFeatures', features);
        if (isUninitialized(weight)) weight.materialize([module.outFeatures, features]);
        if (isUninitialized(bias)) bias.materialize([module.outFeatures]);
        if (weight.size(-1) === features) return;
        throw new TorchError(
          `The in_features inferred from input: ${features} is not equal to in_features from self.weight: ` +
            `${weight.size(-1)}`,
        );
      },
    });
  }

  constructor(outFeatures: number, options: LinearOptions = {}) {
    const { bias = true, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    super(0, 0, { bias: false });
    setField(this, 'weight', new UninitializedParameter({ device, dtype }));
    setField(this, 'outFeatures', outFeatures);
    if (bias) setField(this, 'bias', new UninitializedParameter({ device, dtype }));
  }
}
