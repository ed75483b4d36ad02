import * as torch from 'libtorch-node';

const { nn } = torch;
const { utils } = nn;
const { parametrizations, parametrize } = utils;

type Net = torch.nn.Module & { forward(x: torch.Tensor): torch.Tensor };

/** Its text alone: Python has classes of errors that are ValueError here. */
function refusal(call: () => unknown): string {
  try {
    call();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
}

function state(module: torch.nn.Module) {
  const dict = module.stateDict();
  const copies = [...dict].map(([key, tensor]): [string, torch.Tensor] => [key, tensor.clone()]);
  return { text: String(module), state: new Map(copies), metadata: dict.metadata };
}

/** Two forwards in training, one in eval, and what they leave. */
function told(module: Net, x: torch.Tensor) {
  const steps = [0, 1].map(() => {
    const output = module.forward(x);
    module.zeroGrad();
    output.pow(2).sum().backward();
    const gradients = module
      .namedParameters()
      .map(([key, { grad }]): [string, unknown] => [key, grad?.clone()]);
    return { output: output.detach(), gradients: new Map(gradients), ...state(module) };
  });
  const evaluated = module.eval().forward(x).detach();
  module.train();
  return { steps, evaluated };
}

const images = () => torch.randn([2, 3, 5, 5]);

function weightNorm() {
  const linear = utils.weightNorm(new nn.Linear(4, 3));
  const whole = utils.weightNorm(new nn.Conv2d(3, 4, 3), { dim: null });
  const second = utils.weightNorm(new nn.Conv2d(3, 4, 3), { dim: 1 });
  const lstm = utils.weightNorm(new nn.LSTM(4, 3), { name: 'weight_hh_l0' });
  const before = [told(linear, torch.randn([2, 4])), told(whole, images()), told(second, images())];
  const recurrent = lstm.forward(torch.randn([2, 1, 4]))[0].detach();
  const refused = [
    refusal(() => utils.weightNorm(linear)),
    refusal(() => utils.removeWeightNorm(linear, { name: 'bias' })),
    refusal(() => utils.weightNorm(new nn.LazyLinear(3))),
  ];
  const newer = parametrizations.weightNorm(new nn.Linear(4, 3));
  newer.loadStateDict(linear.stateDict());
  utils.removeWeightNorm(linear);
  return { before, recurrent, refused, newer: state(newer), removed: told(linear, torch.randn([2, 4])) };
}

function spectralNorm() {
  const linear = utils.spectralNorm(new nn.Linear(4, 3));
  const conv = utils.spectralNorm(new nn.Conv2d(3, 4, 3), { nPowerIterations: 3, dim: 1 });
  const transposed = utils.spectralNorm(new nn.ConvTranspose2d(3, 4, 3), { eps: 1e-3 });
  const before = [told(linear, torch.randn([2, 4])), told(conv, images()), told(transposed, images())];
  const refused = [
    refusal(() => utils.spectralNorm(linear)),
    refusal(() => utils.removeSpectralNorm(linear, { name: 'bias' })),
    refusal(() => utils.spectralNorm(new nn.Linear(4, 3, { bias: false }), { name: 'bias' })),
    refusal(() => utils.spectralNorm(new nn.Linear(4, 3), { nPowerIterations: 0 })),
    refusal(() => utils.spectralNorm(new nn.LazyLinear(3))),
  ];
  const current = linear.stateDict();
  const fresh = () => utils.spectralNorm(new nn.Linear(4, 3));
  const loaded = fresh();
  loaded.loadStateDict(current);
  // Files from before the form had a version: the weight is there, v is not.
  const older = new torch.OrderedDict(current);
  older.delete('weight_v');
  older.set('weight', (linear.weight as torch.Tensor).detach());
  const solved = fresh();
  solved.loadStateDict(older);
  older.delete('weight_u');
  const missing = refusal(() => fresh().loadStateDict(older));
  utils.removeSpectralNorm(linear);
  const removed = told(linear, torch.randn([2, 4]));
  return { before, refused, loaded: state(loaded), solved: state(solved), missing, removed };
}

function transferred() {
  const from = parametrizations.weightNorm(
    parametrizations.spectralNorm(new nn.Linear(4, 3), { name: 'bias' }),
  );
  const to = new nn.Linear(4, 3);
  const whole = parametrize.transferParametrizationsAndParams(from, to);
  const one = parametrize.transferParametrizationsAndParams(from, new nn.Linear(4, 3), {
    tensorName: 'weight',
  });
  const types = [from, new nn.Tanh()].map((module) => parametrize.typeBeforeParametrizations(module).name);
  return { whole: state(whole), one: state(one), types };
}

function functional() {
  const [first, last] = [new nn.Linear(3, 3), new nn.Linear(3, 3)];
  Reflect.set(last, 'weight', first.weight);
  const model = new nn.Sequential<torch.nn.Layer>(first, new nn.BatchNorm1d(3), last);
  const x = torch.randn([4, 3]);
  const given = new Map([
    ['0.weight', torch.randn([3, 3], { requiresGrad: true })],
    ['1.running_mean', torch.randn([3])],
  ]);
  const run = (tensors: Map<string, torch.Tensor>, options = {}) =>
    torch.func.functionalCall(model, tensors, x, options).detach();
  const output = torch.func.functionalCall(model, given, [x]);
  output.sum().backward();
  const grad = given.get('0.weight')?.grad;
  const untied = run(given, { tieWeights: false });
  const stateless = utils.stateless.functionalCall(model, given, x).detach();
  const both = new Map([
    ['0.weight', torch.zeros([3, 3])],
    ['2.weight', torch.ones([3, 3])],
  ]);
  const refused = [
    refusal(() => run(both)),
    refusal(() => run(given, { strict: true })),
    refusal(() => run(new Map([['0.wheels', torch.zeros([1])]]), { strict: true })),
    refusal(() => run(new Map([['3.weight', torch.zeros([1])]]))),
  ];
  return { output: output.detach(), grad, untied, stateless, given, refused, state: state(model) };
}

class Counting extends nn.Module {
  readonly weight = new nn.Parameter(torch.ones([2]));
  count = 0;
  readonly inner = new nn.Linear(1, 1);

  override getExtraState(): unknown {
    return { count: this.count };
  }

  override setExtraState(extra: unknown): void {
    this.count = extra instanceof Map ? extra.get('count') : (extra as { count: number }).count;
  }
}

function extraState() {
  const made = new Counting();
  made.count = 7;
  const outer = new nn.Sequential<torch.nn.Layer>();
  outer.addModule('counting', made as never);
  const dict = outer.stateDict();
  const fresh = new Counting();
  fresh.loadStateDict(made.stateDict());
  const lacking = made.stateDict();
  lacking.delete('_extra_state');
  const plain = () => {
    const module = new nn.Module();
    Object.assign(module, { weight: new nn.Parameter(torch.ones([2])), inner: new nn.Linear(1, 1) });
    return module;
  };
  const names = (error: unknown) => String(error).replace(/for \w+:/, 'for it:');
  return {
    keys: [...dict.keys()],
    extra: dict.get('counting._extra_state'),
    loaded: fresh.count,
    refused: [
      names(refusal(() => new Counting().loadStateDict(lacking))),
      names(refusal(() => plain().loadStateDict(made.stateDict()))),
    ],
  };
}

function submodules() {
  const tree = () => {
    const inner = new nn.Module();
    Object.assign(inner, { act: new nn.Tanh(), weight: new nn.Parameter(torch.ones([1])) });
    inner.registerBuffer('steps', torch.zeros([1]));
    return new nn.Sequential<torch.nn.Layer>(new nn.Linear(1, 1), inner as never);
  };
  const changed = tree();
  changed.setSubmodule('1.act', new nn.ReLU());
  changed.setSubmodule('1.added', new nn.Linear(1, 2));
  changed.setSubmodule('0', new nn.Sigmoid());
  changed.addModule('named', new nn.GELU());
  changed.registerModule('last', new nn.SiLU());
  const act = new nn.ReLU();
  const calls = [
    () => tree().setSubmodule('', act),
    () => tree().setSubmodule('1.missing', act, { strict: true }),
    () => tree().setSubmodule('1.weight', act),
    () => tree().setSubmodule('3.act', act),
    () => tree().getSubmodule('1.weight'),
    () => tree().getSubmodule('1.missing.x'),
    () => tree().getSubmodule('1.forward'),
    () => tree().getParameter('1.act'),
    () => tree().getParameter('1.missing'),
    () => tree().getParameter('1.steps'),
    () => tree().getBuffer('1.weight'),
    () => tree().getBuffer('1.missing'),
    () => tree().addModule('a.b', act),
    () => tree().addModule('', act),
  ];
  return { text: String(changed), refused: calls.map(refusal) };
}

class Placeless extends nn.Module {
  readonly weight = new nn.Parameter(torch.ones([2]));
}

function placed() {
  const model = new nn.Sequential<torch.nn.Layer>(
    new nn.Conv2d(3, 4, 3),
    new nn.ConvTranspose2d(4, 2, 3),
    new nn.Linear(2, 2),
  );
  const deep = new nn.Sequential<torch.nn.Layer>(
    new nn.Conv3d(3, 4, 2),
    new nn.ConvTranspose3d(4, 2, 2),
    new nn.Conv2d(2, 2, 3),
  );
  utils.convertConv2dWeightMemoryFormat(model, torch.channelsLast);
  utils.convertConv3dWeightMemoryFormat(deep, torch.channelsLast3d);
  const skipped = utils.skipInit(nn.Conv2d, 3, 4, 3, { bias: false, dtype: torch.float64 });
  return {
    model: [...model.parameters(), ...deep.parameters()],
    output: model
      .at(0)
      .forward(images().to({ memoryFormat: torch.channelsLast }))
      .detach(),
    skipped: [String(skipped), skipped.weight.shape, skipped.weight.dtype.name, skipped.weight.device.type],
    refused: refusal(() => utils.skipInit(Placeless)),
  };
}

function kernels() {
  const { SDPBackend, sdpaKernel } = nn.attention;
  const [q, k, v] = [torch.randn([2, 2, 5, 8]), torch.randn([2, 2, 7, 8]), torch.randn([2, 2, 7, 8])];
  const attend = () => nn.functional.scaledDotProductAttention(q as never, k as never, v as never);
  const flags = () => [torch.backends.cuda.mathSdpEnabled(), torch.backends.cuda.flashSdpEnabled()];
  const choices = [
    SDPBackend.MATH,
    SDPBackend.FLASH_ATTENTION,
    [SDPBackend.FLASH_ATTENTION, SDPBackend.MATH],
  ];
  const chosen = choices.map((backends) => sdpaKernel(backends, () => [attend(), flags()]));
  return { chosen, after: [attend(), flags()] };
}

function synchronised() {
  const block = () =>
    new nn.Sequential<torch.nn.Layer>(new nn.Conv2d(3, 4, 1), new nn.BatchNorm2d(4, { eps: 1e-3 }));
  const model = new nn.Sequential<torch.nn.Layer>(
    block(),
    new nn.BatchNorm2d(4, { affine: false }),
    new nn.ReLU(),
  );
  const before = model.stateDict();
  const converted = nn.SyncBatchNorm.convertSyncBatchnorm(model);
  const same = [...converted.stateDict()].every(([key, tensor]) => {
    torch.noGrad(() => tensor.add_(1));
    return before.get(key)?.equal(tensor) === true;
  });
  const alone = nn.SyncBatchNorm.convertSyncBatchnorm(new nn.BatchNorm1d(3).eval());
  const last = converted.pop();
  const first = converted.pop(0);
  return { same, texts: [converted, last, first, alone].map(String), training: alone.training };
}

/** The older ways to compute a weight, and to put tensors, modules and layouts in others' places. */
export function reparametrize() {
  return {
    weightNorm: weightNorm(),
    spectralNorm: spectralNorm(),
    transferred: transferred(),
    functional: functional(),
    extraState: extraState(),
    submodules: submodules(),
    placed: placed(),
    kernels: kernels(),
    synchronised: synchronised(),
  };
}
