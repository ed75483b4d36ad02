import { Command } from 'commander';

const AFTER = `
It reads names, shapes, dtypes and sizes, not the tensors: a file may be larger than the memory. It knows .pt and .pth
of torch.save, .safetensors, .npy, .npz and HDF5 (Keras' .h5).

Examples:
  xception inspect runs/overfit/last.pt
  xception inspect xception.pth --json | jq '.tensors[].name'`;

export function inspectCommand(): Command {
  return new Command('inspect')
    .summary('list the tensors in a file')
    .description('List the tensors in a file: names, shapes, dtypes, sizes, and which of them share memory.')
    .argument('<file>', 'a checkpoint, or another file of tensors')
    .option('--json', 'print one JSON document')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(file: string, { json }: { json?: true }): Promise<void> {
  const { inspect } = await import('../serialization/index.js');
  const { inspectJson, inspectText } = await import('./inspect-text.js');
  const summary = await inspect(file);
  process.stdout.write(`${(json ? inspectJson : inspectText)(file, summary)}\n`);
}
