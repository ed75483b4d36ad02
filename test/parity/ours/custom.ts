import * as torch from 'libtorch-node';

const { amp, autograd } = torch;

type Context = torch.autograd.FunctionContext;

const deviceType = () => torch.getDefaultDevice().type;
const names = (tensors: readonly torch.Tensor[]) => tensors.map(({ dtype }) => dtype.name);

/** A product that says what it computed in, with the casts that it is given. */
function product(castInputs: torch.DType | null) {
  const seen: string[][] = [];
  class Product extends autograd.Function {
    static forward = amp.customFwd(
      (context: Context, a: torch.Tensor, [b]: torch.Tensor[]) => {
        const made = a.matmul(b as torch.Tensor);
        seen.push(['forward', ...names([a, b as torch.Tensor, made])]);
        context.saveForBackward(a, b as torch.Tensor);
        return made;
      },
      { deviceType: deviceType(), castInputs },
    );

    static override backward = amp.customBwd(
      (context: Context, gradient: torch.Tensor) => {
        const [, b] = context.savedTensors as [torch.Tensor, torch.Tensor];
        const made = gradient.matmul(b.t());
        seen.push(['backward', ...names([gradient, b, made]), String(amp.isAutocastEnabled(deviceType()))]);
        return [made, null];
      },
      { deviceType: deviceType() },
    ) as typeof autograd.Function.backward;
  }
  return { seen, Product };
}

function underAutocast() {
  return [null, torch.float32, torch.bfloat16].flatMap((castInputs) =>
    [true, false].map((enabled) => {
      const { seen, Product } = product(castInputs);
      const [a, b] = [torch.randn([3, 4], { requiresGrad: true }), torch.randn([4, 2])];
      const output = torch.autocast(deviceType(), { enabled, dtype: torch.bfloat16 }, () =>
        Product.apply(a, [b]),
      );
      output.float().sum().backward();
      return { seen, output: output.detach().float(), grad: a.grad };
    }),
  );
}

/** Python's newer form of a function, whose backward cannot be differentiated. */
class Cube extends autograd.Function {
  static forward(x: torch.Tensor): torch.Tensor {
    return x.pow(3);
  }

  static setupContext(context: Context, [x]: [torch.Tensor], output: torch.Tensor): void {
    context.saveForBackward(x, output);
  }

  static override backward = autograd.function.onceDifferentiable(
    (context: Context, gradient: torch.Tensor) => {
      const [x] = context.savedTensors as [torch.Tensor];
      return x.pow(2).mul(3).mul(gradient);
    },
  ) as typeof autograd.Function.backward;
}

function once() {
  const x = torch.randn([3], { requiresGrad: true });
  const cubed = Cube.apply(x);
  const [first] = autograd.grad(cubed.sum(), [x], { retainGraph: true }) as [torch.Tensor];
  const [graphed] = autograd.grad(cubed.mul(x).sum(), [x], { createGraph: true }) as [torch.Tensor];
  let refused = 'nothing';
  try {
    graphed.sum().backward();
  } catch (error) {
    refused = (error as Error).message;
  }
  return { cubed: cubed.detach(), first, graphed: graphed.detach(), requires: graphed.requiresGrad, refused };
}

/** autograd.Function under autocast, with setup_context, and once differentiable. */
export function custom() {
  const types = ['cpu', 'cuda', 'meta', 'mps'].map((type) => amp.isAutocastAvailable(type));
  return { underAutocast: underAutocast(), once: once(), types };
}
