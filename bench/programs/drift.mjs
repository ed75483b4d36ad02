// How late a timer of 1 ms fires, at most, while a chain of matmuls runs beside the event loop, in milliseconds.
import * as torch from 'libtorch-node';

const x = torch.rand(1024, 1024).div(512);
const chain = (start) => {
  let y = start;
  for (let i = 0; i < 60; i++) y = y.matmul(x);
  return y;
};
const recorded = torch.record(chain, [x]);
await recorded.runAsync(x);

let last = performance.now();
let late = 0;
const timer = setInterval(() => {
  const now = performance.now();
  late = Math.max(late, now - last - 1);
  last = now;
}, 1);
const begin = performance.now();
last = begin;
while (performance.now() - begin < 2000) await recorded.runAsync(x);
clearInterval(timer);
console.log(JSON.stringify({ late, busy: performance.now() - begin }));
