// The only file that touches the .node file; `NativeBinding` is the whole native contract, `DeviceBinding` its part
// for CUDA and the profiler.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { makeError } from './errors.js';
import type { DeviceBinding } from './native-devices.js';
import { userStack } from './user-stack.js';
import { warn } from './warn.js';

/** A tensor in the native table of this environment: 28-bit slot, 24-bit generation. */
export type Handle = number;
/** Owns a handle: its finalizer frees the tensor inside the garbage collector. */
export type Anchor = object;
/** A file mapped into memory. */
export type Mapping = object;

/** A file that is being written on a thread of its own. */
export type Writer = object;

/** A recorded function of tensors. */
export type Program = object;
/** A TorchScript module. */
export type Script = object;
/** A value of TorchScript: what JavaScript has no type for begins with a tag. */
export type ScriptValue = null | boolean | number | bigint | string | ScriptValue[];

/** A function that the engine calls; removed by hand. */
export type Hook = object;
/** Through which a custom function reads what it saved. */
export type FunctionState = object;

export interface Versions {
  torch: string;
  config: string;
  parallel: string;
  /** Whether the build has CUDA kernels. */
  cuda: boolean;
  cpuCapability: string;
  /** cuDNN's version, 0 without it. */
  cudnn: number;
  mkldnn: number;
  mkl: number;
  openmp: number;
}

export interface NativeBinding extends DeviceBinding {
  setErrorFactory(factory: typeof makeError): void;
  /** Waits for what runs in the background, drops what waits there. */
  endBackground(): void;
  setWarner(warn: (message: string, category: string) => void): void;
  setStackReader(read: () => string): void;

  // Operators. Arguments and results travel through the call buffer (native/call-buffer.h).
  setBufferGrower(grow: (entries: number) => void): void;
  callBuffer(capacity: number): { kinds: ArrayBuffer; values: ArrayBuffer };
  lookup(qualifiedName: string): number;
  intern(argumentName: string): number;
  call(strings?: string[]): undefined | Anchor | Anchor[];
  schemas(): string[];
  loadLibrary(path: string): void;

  // Recorded functions
  recordBegin(inputs: Handle[], batch: number): void;
  recordEnd(outputs: Handle[]): Program;
  recordCancel(): void;
  freeBatch(program: Program, larger: Program): void;
  programText(program: Program): string;
  runProgram(program: Program, inputs: Handle[]): Handle[];
  runProgramAsync(program: Program, inputs: Handle[]): Promise<Handle[]>;

  // Tensors. `sizes` and `strides` write to the call buffer and answer with their number.
  sizes(tensor: Handle): number;
  strides(tensor: Handle): number;
  dtype(tensor: Handle): number;
  device(tensor: Handle): string;
  layout(tensor: Handle): number;
  isNested(tensor: Handle): boolean;
  numel(tensor: Handle): number;
  storageOffset(tensor: Handle): number;
  isContiguous(tensor: Handle, memoryFormat: number): boolean;
  isSame(a: Handle, b: Handle): boolean;
  /** A second handle of the same tensor, with a life of its own. */
  duplicate(tensor: Handle): Handle;
  isAlive(tensor: Handle): boolean;
  dispose(tensor: Handle): boolean;

  /** The token may be adopted once, in any environment of the process. */
  shareTensor(tensor: Handle): number;
  adoptTensor(token: number): Handle;

  // Data
  copyIn(array: ArrayBufferView, dtype: number, sizes: readonly number[]): Handle;
  borrow(array: ArrayBufferView, dtype: number): Handle | null;
  bytes(tensor: Handle): ArrayBuffer;
  bytesAsync(tensor: Handle): Promise<ArrayBuffer>;
  storageId(tensor: Handle): bigint;
  storageNbytes(tensor: Handle): number;
  readStorage(tensor: Handle, offset: number, target: Uint8Array): void;
  writeStorage(tensor: Handle, offset: number, source: Uint8Array): void;
  overStorage(
    tensor: Handle,
    dtype: number,
    sizes: readonly number[],
    strides: readonly number[],
    offset: number,
  ): Handle;
  sliceStorage(tensor: Handle, offset: number, nbytes: number): Handle;
  mapFile(fd: number): Mapping | null;
  releaseMapping(mapping: Mapping): void;
  mappedStorage(mapping: Mapping, offset: number, nbytes: number): Handle | null;
  openWriter(fd: number): Writer;
  writeBytes(writer: Writer, bytes: Uint8Array): void;
  writeStorageBytes(writer: Writer, tensor: Handle, offset: number, nbytes: number, crc: number): number;
  finishWriting(writer: Writer): number;
  crc32(bytes: Uint8Array, before: number): number;

  // Autograd. A 0 among handles is an undefined tensor.
  backward(
    tensors: Handle[],
    gradients: Handle[],
    retainGraph: boolean,
    createGraph: boolean,
    inputs: Handle[],
  ): void;
  autogradGrad(
    outputs: Handle[],
    inputs: Handle[],
    gradients: Handle[],
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): Handle[];
  /** The same on this environment's background thread. */
  backwardAsync(
    tensors: Handle[],
    gradients: Handle[],
    retainGraph: boolean,
    createGraph: boolean,
    inputs: Handle[],
  ): Promise<void>;
  registerHook(tensor: Handle, call: (gradient: Handle) => Handle): Hook;
  registerPostAccumulateGradHook(tensor: Handle, call: (tensor: Handle) => Handle): Hook;
  removeHook(hook: Hook): void;
  pushSavedTensorHooks(
    pack: (tensor: Handle) => unknown,
    unpack: (value: unknown, task: number) => Handle,
  ): void;
  popSavedTensorHooks(): void;
  setAnomaly(enabled: boolean, checkNan: boolean): void;
  anomaly(): [enabled: boolean, checkNan: boolean];
  newContext(): FunctionState;
  /** `forward` answers with outputs, saved, dirty and non-differentiable tensors, and whether to materialize zeros. */
  customFunction(
    state: FunctionState,
    inputs: Handle[],
    forward: () => [Handle[], Handle[], Handle[], Handle[], boolean],
    backward: (gradients: Handle[]) => Handle[],
    name: string,
  ): Handle[];
  savedTensors(state: FunctionState): Handle[];
  grad(tensor: Handle, known: Handle): Handle;
  setGrad(tensor: Handle, gradient: Handle): void;
  requiresGrad(tensor: Handle): boolean;
  setRequiresGrad(tensor: Handle, flag: boolean): void;
  isLeaf(tensor: Handle): boolean;
  retainGrad(tensor: Handle): void;
  gradFnName(tensor: Handle): string;
  version(tensor: Handle): number;
  setData(tensor: Handle, data: Handle): void;
  gradEnabled(): boolean;
  setGradEnabled(enabled: boolean): boolean;
  pushInferenceMode(enabled: boolean): number;
  popInferenceMode(depth: number): void;
  inferenceModeEnabled(): boolean;
  autocastState(deviceType: string): [enabled: boolean, dtype: number, cacheEnabled: boolean];
  enterAutocast(deviceType: string, enabled: boolean, dtype: number, cacheEnabled: boolean): void;
  leaveAutocast(deviceType: string, enabled: boolean, dtype: number, cacheEnabled: boolean): void;

  // Memory
  openScope(): number;
  closeScope(scope: number, kept?: Handle[]): Anchor[] | undefined;
  /** Those too that were opened inside of it and left open. */
  unwindScope(scope: number, kept?: Handle[]): Anchor[] | undefined;
  anchor(tensor: Handle): Anchor;
  scopeOf(tensor: Handle): number;
  liveTensors(): number;
  memoryStats(): {
    liveBytes: number;
    peakBytes: number;
    cachedBytes: number;
    cacheLimit: number;
    allocations: number;
  };
  resetPeakMemory(): void;
  emptyCache(): void;

  // Random numbers. Generator 0 is the process-wide default CPU generator.
  newGenerator(device: string): { index: number; anchor: Anchor };
  seedGenerator(generator: number, seed: bigint): void;
  seedAll(seed: bigint): void;
  reseedGenerator(generator: number): bigint;
  initialSeed(generator: number): bigint;
  generatorState(generator: number): Handle;
  setGeneratorState(generator: number, state: Handle): void;

  // TorchScript. Values as in native/script-values.h.
  scriptLoad(source: string | Uint8Array, device: string | null): Script;
  scriptMethods(script: Script): string[];
  scriptRun(script: Script, method: string, args: ScriptValue[]): ScriptValue;
  scriptAttribute(script: Script, name: string): ScriptValue;
  /** Names and handles in turn. */
  scriptParameters(script: Script): (string | Handle)[];
  scriptBuffers(script: Script): (string | Handle)[];
  scriptTrain(script: Script, mode: boolean): void;
  scriptIsTraining(script: Script): boolean;
  scriptTo(script: Script, device: string | null, dtype: number | null): void;
  scriptFreeze(script: Script, preserved: string[]): Script;
  scriptOptimize(script: Script): Script;
  scriptSave(script: Script): Uint8Array;

  // Backends
  flag(name: string): boolean;
  setFlag(name: string, value: boolean): void;
  threads(): number;
  setThreads(count: number): void;
  useOneThread(): void;
  setDeterministic(enabled: boolean, warnOnly: boolean): void;
  defaultDtype(): number;
  setDefaultDtype(dtype: number): void;
  option(name: string): string;
  setOption(name: string, value: string): void;
  versions(): Versions;
  libm(name: string, x: number, y?: number): number;
}

const addonPath = fileURLToPath(new URL('../build/Release/libtorch_node.node', import.meta.url));

const notBuilt = `libtorch-node has no native addon yet (${addonPath} does not exist).
Build it with:  npx libtorch-node install
npm 12 and later run a package's install script only after:  npm install-scripts approve libtorch-node`;

function load(): NativeBinding {
  // Two copies of the package would load two addons over one libtorch: two allocators, two Tensor classes.
  const loaded = globalThis as { [key: symbol]: string | undefined };
  const marker = Symbol.for('libtorch-node.addon');
  const other = loaded[marker];
  if (other !== undefined && other !== addonPath) {
    throw new Error(
      `two copies of libtorch-node in one process: ${other} is loaded, ${addonPath} is asked for. Run "npm ls libtorch-node" and "npm dedupe".`,
    );
  }
  if (!existsSync(addonPath)) throw new Error(notBuilt);
  try {
    const binding = createRequire(import.meta.url)(addonPath) as NativeBinding;
    binding.setErrorFactory(makeError);
    process.once('exit', () => binding.endBackground());
    binding.setWarner(warn);
    binding.setStackReader(userStack);
    if (process.env.LIBTORCH_NODE_CPP_TRACE === '1') binding.setFlag('cppTraces', true);
    loaded[marker] = addonPath;
    return binding;
  } catch (cause) {
    throw new Error(
      `libtorch-node could not load ${addonPath}: ${(cause as Error).message}
Run "npx libtorch-node doctor" to see what is wrong, "npx libtorch-node install" to build it again.`,
      { cause },
    );
  }
}

export const native = load();
