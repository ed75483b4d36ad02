import { mergeConfig } from 'vitest/config';
import quick from './vitest.config.js';

// What installs and compiles the package anew: minutes instead of seconds.
const slow = mergeConfig(quick, { test: { testTimeout: 900_000, hookTimeout: 900_000 } });
slow.test.include = ['test/**/*.slow.test.ts'];
slow.test.exclude = [];
export default slow;
