import type { Reporter } from '../train/index.js';

/** A reporter that can also say that the run is about to stop. */
export interface ConsoleReporter extends Reporter {
  stopping(): void;
}
