import * as torch from 'libtorch-node';

const { nn } = torch;

type Seen = [name: string, ...values: unknown[]];

function hooks() {
  const seen: Seen[] = [];
  const copied = (gradients: readonly (torch.Tensor | null)[]) =>
    gradients.map((grad) => grad?.clone() ?? null);
  const model = new nn.Sequential<torch.nn.Layer>(new nn.Linear(4, 5), new nn.Tanh(), new nn.Linear(5, 2));
  const layer = model.at(0);
  layer.registerFullBackwardHook((_, gradInput, gradOutput) => {
    seen.push(['first', copied(gradInput), copied(gradOutput)]);
    return undefined;
  });
  layer.registerFullBackwardHook((_, gradInput) => [gradInput[0]?.mul(2) ?? null]);
  layer.registerFullBackwardHook(
    (_, gradInput) => {
      seen.push(['prepended', copied(gradInput)]);
      return undefined;
    },
    { prepend: true },
  );
  layer.registerFullBackwardPreHook((_, gradOutput) => {
    seen.push(['before', copied(gradOutput)]);
    return [(gradOutput[0] as torch.Tensor).mul(3)];
  });
  const attention = new nn.MultiheadAttention(4, 2);
  attention.registerFullBackwardHook((_, gradInput, gradOutput) => {
    seen.push(['attention', copied(gradInput), copied(gradOutput)]);
    return undefined;
  });
  model.at(2).registerForwardHook((_, __, output) => output.mul(2));
  model.at(2).registerForwardHook((_, __, output) => output.add(1), { prepend: true });
  const removed = model.at(1).registerFullBackwardHook(() => [torch.ones([1])]);
  removed.remove();
  const x = torch.randn([3, 4], { requiresGrad: true });
  const output = model.forward(x);
  output.pow(2).sum().backward();
  // No input requires a gradient.
  model
    .forward(torch.randn([3, 4]))
    .sum()
    .backward();
  const q = torch.randn([3, 1, 4], { requiresGrad: true });
  attention.forward(q, q, q)[0].sum().backward();
  const gradients = model.parameters().map(({ grad }) => grad);
  return { seen, output: output.detach(), gradients, x: x.grad, q: q.grad };
}

function stateHooks() {
  const seen: Seen[] = [];
  const model = new nn.Sequential<torch.nn.Layer>(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
  const [linear, norm] = [model.at(0), model.at(1)];
  linear.registerStateDictPreHook((_, prefix, keepVars) => void seen.push(['pre', prefix, keepVars]));
  linear.registerStateDictPostHook((_, state, prefix, metadata) => {
    state.set(`${prefix}added`, torch.ones([2]));
    metadata.set('note', 7);
    seen.push(['post', prefix, [...state.keys()]]);
  });
  const state = model.stateDict();
  linear.registerLoadStateDictPreHook((_, load) => {
    load.state.delete(`${load.prefix}added`);
    seen.push(['load', load.prefix, [...load.state.keys()]]);
  });
  norm.registerLoadStateDictPostHook((_, keys) => {
    seen.push(['loaded', [...keys.missingKeys], [...keys.unexpectedKeys]]);
    keys.missingKeys.length = 0;
  });
  state.delete('1.bias');
  const { missingKeys, unexpectedKeys } = model.loadStateDict(state);
  return { seen, keys: [...state.keys()], metadata: state.metadata, missingKeys, unexpectedKeys };
}

function containers() {
  const list = new nn.ParameterList([torch.randn([2, 3]), new nn.Parameter(torch.randn([4]), false)]);
  list.append(torch.zeros([], { dtype: torch.float64 }));
  const dict = new nn.ParameterDict({ zoom: torch.randn([2]), 'a b': torch.randn([1, 2]) });
  dict.set('camelCase', torch.ones([3]));
  const modules = new nn.ModuleDict<torch.nn.Module>({ zoom: new nn.Linear(2, 1), inner: list });
  modules.update([
    ['inner', dict],
    ['camelCase', new nn.ReLU()],
  ]);
  const copy = nn.deepcopy(modules).to(torch.float64);
  const texts = [list, dict, modules].map(String);
  const keys = [list, dict, modules].map((module) => [...module.stateDict().keys()]);
  return { texts, keys, parameters: [...copy.stateDict().values()], names: [...modules.keys()] };
}

function copies() {
  const shared = new nn.Linear(2, 2);
  const model = new nn.Sequential<torch.nn.Layer>(shared, new nn.BatchNorm1d(2), shared);
  model
    .forward(torch.randn([4, 2]))
    .sum()
    .backward();
  const copy = nn.deepcopy(model);
  torch.noGrad(() => model.parameters().forEach((parameter) => void parameter.zero_()));
  return {
    shared: copy.at(0) === copy.at(2),
    apart: copy.at(0) !== model.at(0),
    parameters: copy.parameters(),
    buffers: copy.buffers(),
    gradients: copy.parameters().map(({ grad }) => grad),
    found: copy.getParameter('1.weight'),
    buffer: copy.getBuffer('1.running_var'),
  };
}

/** What modules do beside computing: hooks, state dicts, containers, copies. */
export function structure() {
  return { hooks: hooks(), stateHooks: stateHooks(), containers: containers(), copies: copies() };
}
