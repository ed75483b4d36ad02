// torch.signal

export * as windows from './signal-windows.js';
