/** What registering a hook answers with. */
export interface RemovableHandle {
  /** The hook is not called any more; a second time does nothing. */
  remove(): void;
  [Symbol.dispose](): void;
}
