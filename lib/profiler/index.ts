// torch.profiler: Kineto's records as events, tables and traces.

export type { EventAverage, EventAverages } from './averages.js';
export type { FunctionEvent } from './event.js';
export { Profile, type ProfileOptions, type ProfilerActivity, profile, recordFunction } from './profile.js';
export type { TableOptions } from './table.js';
