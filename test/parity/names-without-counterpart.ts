// Public names of PyTorch that have no counterpart here, by what stands in the way.

const reasons: Record<string, string> = {
  'DataPipes, which PyTorch has given up':
    'torch.utils.data: DFIterDataPipe DataChunk IterDataPipe MapDataPipe argument_validation functional_datapipe ' +
    'guaranteed_datapipes_determinism non_deterministic runtime_validation runtime_validation_disabled',
  'several GPUs in one process, or several processes':
    'torch.nn: DataParallel; torch.nn.parallel: DataParallel DistributedDataParallel data_parallel gather ' +
    'parallel_apply replicate scatter',
  'a field that is assigned to cannot be seen: registerBuffer and registerParameter say what it is':
    'torch.nn: Buffer; torch.nn.parameter: Buffer',
  'JavaScript has constructors for it, or types, or plain functions':
    'torch.nn: factory_kwargs; torch.nn.functional: assert_int_or_pair; torch.nn.parameter: UninitializedTensorMixin; ' +
    'torch.autograd.function: BackwardCFunction FunctionMeta; torch.utils.data: _DatasetKind; ' +
    'torch.utils.checkpoint: CheckpointFunction DefaultDeviceType GraphExecGroup check_backward_validity ' +
    'detach_variable get_device_states noop_context_fn set_device_states',
  'names from before tensors had gradients':
    'torch.nn: Container; torch.autograd: NestedIOFunction Variable variable; ' +
    'torch.autograd.function: InplaceFunction NestedIOFunction',
  'for tracing Python, which nothing here does':
    'torch.optim: swap_in_optimizer_params_and_state; torch.autograd.graph: region_activation_memory_budget ' +
    'set_override_stale_capture_stream set_warn_on_accumulate_grad_stream_mismatch',
  'not built: forward-mode differentiation':
    'torch.autograd.forward_ad: UnpackedDualTensor dual_level enter_dual_level exit_dual_level make_dual unpack_dual',
  'not built: a look into the graph':
    'torch.autograd.graph: GradientEdge Node allow_mutation_on_saved_tensors disable_saved_tensors_hooks ' +
    'get_gradient_edge increment_version register_multi_grad_hook',
  "not built: the engine's own settings":
    'torch.autograd: enforce_grad_layout_policy set_multithreading_enabled; ' +
    'torch.autograd.grad_mode: enforce_grad_layout_policy set_multithreading_enabled',
  'not built: flash attention from outside of PyTorch':
    'torch.nn.attention: WARN_FOR_UNFUSED_KERNELS activate_flash_attention_impl current_flash_attention_impl ' +
    'list_flash_attention_impls register_flash_attention_impl restore_flash_attention_impl',
  'not built: checkpoints that keep some of their operators, and their settings':
    'torch.utils.checkpoint: CheckpointPolicy SAC_IGNORED_OPS SelectiveCheckpointContext ' +
    'create_selective_checkpoint_contexts set_checkpoint_debug_enabled set_checkpoint_early_stop',
};

/** `torch.nn.Buffer`, ... */
export function namesWithoutCounterpart(): string[] {
  const groups = Object.values(reasons).flatMap((text) => text.split('; '));
  return groups.flatMap((group) => {
    const [module, names = ''] = group.split(': ');
    return names.split(' ').map((name) => `${module}.${name}`);
  });
}
