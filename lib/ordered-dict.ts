/** Python's `OrderedDict` as `state_dict()` returns it: a Map in insertion order that can carry `_metadata`. */
export class OrderedDict<K, V> extends Map<K, V> {
  /** Python's `_metadata`: for each module path a dict with that module's `version`. Written to files. */
  metadata?: OrderedDict<string, Map<string, unknown>>;
}
