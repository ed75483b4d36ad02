import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';

const F = nn.functional;

function mlp(width: number, classes: number) {
  return new nn.Sequential(
    new torch.OrderedDict<string, nn.Layer>([
      ['features', new nn.Sequential(new nn.Linear(8, width), new nn.LayerNorm(width), new nn.GELU())],
      ['dropout', new nn.Dropout(0.1)],
      ['classifier', new nn.Linear(width, classes)],
    ]),
  );
}

/** No decay for biases and norms; the classifier learns faster. */
function withoutDecay(model: nn.Module, weightDecay: number, lr: number) {
  const decay: nn.Parameter[] = [];
  const noDecay: nn.Parameter[] = [];
  for (const [name, param] of model.namedParameters()) {
    if (!param.requiresGrad || name.startsWith('classifier')) continue;
    (param.ndim <= 1 || name.endsWith('.bias') ? noDecay : decay).push(param);
  }
  const classifier = model.namedParameters().filter(([name]) => name.includes('classifier'));
  return [
    { params: decay, weightDecay },
    { params: noDecay, weightDecay: 0 },
    { params: classifier.map(([, param]) => param), lr: lr * 10 },
  ];
}

export function distill() {
  const [T, alpha, lr] = [4.0, 0.7, 1e-3];
  const saved = mlp(16, 5).stateDict();
  const pretrained = new Map([...saved].map(([key, value]) => [`module.${key}`, value]));

  const teacher = mlp(16, 3);
  const state = new Map(
    [...pretrained]
      .filter(([key]) => !key.startsWith('module.classifier'))
      .map(([key, value]) => [key.replace('module.', ''), value]),
  );
  state.set('head.weight', torch.zeros(1));
  const incompatible = teacher.loadStateDict(state, { strict: false });
  for (const [name, param] of teacher.namedParameters()) {
    if (!name.includes('classifier')) param.requiresGrad = false;
  }
  const trainable = teacher.parameters().filter((p) => p.requiresGrad);
  const optimizer = new torch.optim.SGD(trainable, { lr: 0.1, momentum: 0.9 });
  const [x, y] = [torch.randn(32, 8), torch.randint(3, [32])];
  const losses: number[] = [];
  for (let step = 0; step < 3; step += 1) {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(teacher.forward(x), y);
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  }

  teacher.eval();
  const student = mlp(6, 3);
  const initial = nn.deepcopy(student);
  const distiller = new torch.optim.AdamW(withoutDecay(student, 0.05, lr), { lr });
  distiller.addParamGroup({ params: new nn.Parameter(torch.ones(1)), lr: 0.5 });
  const scheduler = new torch.optim.lrScheduler.OneCycleLR(distiller, [0.01, 0.01, 0.1, 0.5], {
    totalSteps: 8,
  });
  const kl = new nn.KLDivLoss({ reduction: 'batchmean' });
  for (let epoch = 0; epoch < 2; epoch += 1) {
    for (const i of torch.randperm(32).split(8)) {
      const teacherLogits = torch.noGrad(() => teacher.forward(x.index(i)));
      const logits = student.forward(x.index(i));
      const soft = kl
        .forward(F.logSoftmax(logits.div(T), { dim: 1 }), F.softmax(teacherLogits.div(T), { dim: 1 }))
        .mul(T * T);
      const hard = F.crossEntropy(logits, y.index(i), { labelSmoothing: 0.1 });
      const loss = soft.mul(alpha).add(hard.mul(1 - alpha));
      distiller.zeroGrad();
      loss.backward();
      distiller.step();
      scheduler.step();
      losses.push(loss.item());
    }
  }

  const before = initial.parameters();
  const moved = student.parameters().map((a, i) =>
    a
      .sub(before[i] as nn.Parameter)
      .abs()
      .sum()
      .item(),
  );
  let error = '';
  try {
    student.loadStateDict(teacher.stateDict());
  } catch (e) {
    if (!(e instanceof torch.TorchError)) throw e;
    error = e.message;
  }
  const count = (m: nn.Module) =>
    m.parameters().reduce((sum, p) => sum + (p.requiresGrad ? p.numel() : 0), 0);
  return {
    missing: incompatible.missingKeys,
    unexpected: incompatible.unexpectedKeys,
    losses,
    moved: moved.reduce((sum, distance) => sum + distance, 0),
    error,
    lrs: scheduler.getLastLr(),
    counts: [count(teacher), count(student)],
    teacher: teacher.stateDict(),
    student: student.stateDict(),
    optimizer: optimizer.stateDict(),
    distiller: distiller.stateDict(),
  };
}
