import { Tuple } from '../tuple.js';
import { OP } from './opcodes.js';
import { LITERALS } from './pickle-literals.js';
import type { PickleMachine } from './pickle-machine.js';
import { FrozenSet } from './python-values.js';

/** What an opcode does. */
export type Action = (machine: PickleMachine) => void;

const STACK_AND_MEMO: Readonly<Record<number, Action>> = {
  [OP.PROTO]: (machine) => machine.requireProtocol(machine.cursor.byte()),
  [OP.FRAME]: ({ cursor }) => cursor.skip(8),
  [OP.MARK]: ({ stack }) => stack.mark(),
  [OP.POP]: ({ stack }) => void stack.pop(),
  [OP.POP_MARK]: ({ stack }) => void stack.popMark(),
  [OP.DUP]: ({ stack }) => stack.push(stack.top()),
  [OP.BINGET]: (machine) => machine.recall(machine.cursor.byte()),
  [OP.LONG_BINGET]: (machine) => machine.recall(machine.cursor.uint(4)),
  [OP.BINPUT]: (machine) => machine.remember(machine.cursor.byte()),
  [OP.LONG_BINPUT]: (machine) => machine.remember(machine.cursor.uint(4)),
  [OP.MEMOIZE]: (machine) => machine.remember(),
};

const CONTAINERS: Readonly<Record<number, Action>> = {
  [OP.TUPLE1]: ({ stack, items }) => stack.push(items.settle(stack.popMany(1, new Tuple()))),
  [OP.TUPLE2]: ({ stack, items }) => stack.push(items.settle(stack.popMany(2, new Tuple()))),
  [OP.TUPLE3]: ({ stack, items }) => stack.push(items.settle(stack.popMany(3, new Tuple()))),
  [OP.TUPLE]: ({ stack, items }) => stack.push(items.settle(Tuple.from(stack.popMark()))),
  [OP.LIST]: ({ stack, items }) => stack.push(items.settle(stack.popMark())),
  [OP.DICT]: (machine) => machine.gather(new Map(), machine.items.set),
  [OP.FROZENSET]: (machine) => machine.gather(new FrozenSet(), machine.items.add),
  [OP.APPEND]: (machine) => machine.put(machine.stack.popMany(1), machine.items.append),
  [OP.APPENDS]: (machine) => machine.put(machine.stack.popMark(), machine.items.append),
  [OP.ADDITEMS]: (machine) => machine.put(machine.stack.popMark(), machine.items.add),
  [OP.SETITEM]: (machine) => machine.put(machine.stack.popMany(2), machine.items.set),
  [OP.SETITEMS]: (machine) => machine.put(machine.stack.popMark(), machine.items.set),
};

const OBJECTS: Readonly<Record<number, Action>> = {
  [OP.GLOBAL]: (machine) => machine.global(machine.cursor.line(), machine.cursor.line()),
  [OP.STACK_GLOBAL]: (machine) => {
    const [module, name] = machine.stack.popMany(2);
    machine.global(module, name);
  },
  [OP.REDUCE]: call,
  [OP.NEWOBJ]: call,
  [OP.NEWOBJ_EX]: (machine) => {
    const named = machine.stack.pop();
    if (!(named instanceof Map) || named.size > 0) throw new TypeError('arguments by name');
    call(machine);
  },
  [OP.BUILD]: (machine) => machine.build(machine.stack.pop()),
  [OP.BINPERSID]: (machine) => machine.persistent(machine.stack.pop()),
  // Protocol 0 only; the name makes the better message.
  [OP.INST]: ({ cursor, findGlobal }) => {
    findGlobal(cursor.line(), cursor.line());
    throw new TypeError('this opcode is not known');
  },
};

function call(machine: PickleMachine): void {
  const args = machine.stack.pop();
  machine.call(machine.stack.pop(), args);
}

const PUSHES: Readonly<Record<number, Action>> = Object.fromEntries(
  Object.entries(LITERALS).map(([op, read]): [string, Action] => [
    op,
    (machine) => machine.stack.push(read(machine.cursor)),
  ]),
);

const ALL = { ...PUSHES, ...STACK_AND_MEMO, ...CONTAINERS, ...OBJECTS };

/** By opcode; undefined for one that is not known. STOP is the reader's. */
export const ACTIONS: readonly (Action | undefined)[] = Array.from({ length: 256 }, (_, op) => ALL[op]);
