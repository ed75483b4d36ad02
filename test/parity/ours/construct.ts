import * as torch from 'libtorch-node';

/** The model right after its constructor: every tensor, the keys in order, what goes into `_metadata`. */
export function construct(options: torch.models.XceptionOptions) {
  const model = new torch.models.Xception(options);
  const state = model.stateDict();
  return {
    state,
    metadata: state.metadata,
    text: String(model),
    parameters: model.namedParameters().map(([name]) => name),
    numel: model.parameters().reduce((sum, parameter) => sum + parameter.numel(), 0),
  };
}
