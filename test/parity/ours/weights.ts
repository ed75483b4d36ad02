import * as torch from 'libtorch-node';

interface Params {
  /** Of reference/weights.py, which has written the file. */
  form: string;
  file: string;
  size: number;
}

export async function weights({ file }: Params): Promise<object> {
  const model = torch.weights.xceptionWith(await torch.weights.loadXception(file)).eval();
  const logits = torch.noGrad(() => model.forward(torch.load<torch.Tensor>(`${file}.images`)));
  torch.manualSeed(0);
  return { logits };
}
