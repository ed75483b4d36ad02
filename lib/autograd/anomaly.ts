import { inMode, type Mode } from '../modes.js';
import { native } from '../native.js';
import { type Names, requireNames } from '../options.js';
import { warn } from '../warn.js';

export interface AnomalyOptions {
  /** Whether a backward that makes NaN is an error. */
  checkNan?: boolean;
}

const anomalyNames: Names<AnomalyOptions> = { checkNan: true };

/**
 * Turns anomaly detection on or off for the whole process (torch.autograd.set_detect_anomaly): nodes keep the stack of
 * the forward call that made them; when one fails in backward, a warning shows that stack.
 */
export function setDetectAnomaly(mode: boolean, options: AnomalyOptions = {}): void {
  requireNames(setDetectAnomaly, options, anomalyNames);
  const { checkNan = true } = options;
  native.setAnomaly(mode, checkNan);
}

export function isAnomalyEnabled(): boolean {
  return native.anomaly()[0];
}

export function isAnomalyCheckNanEnabled(): boolean {
  return native.anomaly()[1];
}

/** {@link setDetectAnomaly} inside of `body`, or until the answer is disposed (torch.autograd.detect_anomaly). */
export function detectAnomaly(options?: AnomalyOptions): Mode;
export function detectAnomaly<T>(body: () => T, options?: AnomalyOptions): T;
export function detectAnomaly<T>(first?: AnomalyOptions | (() => T), second?: AnomalyOptions): T | Mode {
  const body = typeof first === 'function' ? first : undefined;
  const options = (typeof first === 'function' ? second : first) ?? {};
  requireNames(detectAnomaly, options, anomalyNames);
  const { checkNan = true } = options;
  warn(
    'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.',
  );
  const enter = () => {
    const before = native.anomaly();
    native.setAnomaly(true, checkNan);
    return () => native.setAnomaly(...before);
  };
  return inMode('detectAnomaly', enter, body);
}
