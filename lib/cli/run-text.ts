// What a run says, as text.

import type { EpochMetrics, RunStart, StepProgress, Summary } from '../train/index.js';

export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, i) => (i === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':');
}

/** `1 step`, `2 steps` */
export function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

export function startText({ plan, photos, classes, stepsPerEpoch, parameters }: RunStart): string {
  const names = classes.length > 8 ? '' : ` (${classes.join(', ')})`;
  return [
    `${photos} photos in ${classes.length} classes${names} from ${plan.data}`,
    `Xception, ${parameters.toLocaleString('en')} parameters, ${plan.init} init, seed ${plan.seed}; ${plan.size} px, ` +
      `${plan.memoryFormat}, ${plan.device}, ${count(plan.threads, 'thread')}`,
    `${plan.optimizer}, lr ${plan.lr}, ${plan.schedule}; ${count(plan.epochs, 'epoch')} of ${count(stepsPerEpoch, 'step')}, ` +
      `batch size ${plan.batchSize}`,
    "train loss and accuracy: running over the epoch's own batches, in train mode; eval: over the same photos after",
    'the epoch, in eval mode, which lags for some epochs while the statistics of BatchNorm settle',
  ].join('\n');
}

export function epochText(metrics: EpochMetrics, epochs: number): string {
  const { epoch, train_loss, train_accuracy, eval_loss, eval_accuracy, images_per_second, complete } =
    metrics;
  const number = `${epoch}`.padStart(`${epochs}`.length);
  const evaluated =
    eval_loss === null || eval_accuracy === null
      ? ''
      : `, eval loss ${eval_loss.toFixed(4)}, eval accuracy ${eval_accuracy.toFixed(3)}`;
  return (
    `epoch ${number}/${epochs}: train loss ${train_loss.toFixed(4)}, train accuracy ${train_accuracy.toFixed(3)}` +
    `${evaluated}, ${images_per_second.toFixed(1)} images/s${complete ? '' : `, stopped after ${count(metrics.steps, 'step')}`}`
  );
}

export function progressText({
  trainLoss,
  trainAccuracy,
  imagesPerSecond,
  secondsLeft,
}: StepProgress): string {
  return (
    `loss ${trainLoss.toFixed(4)}, train accuracy ${trainAccuracy.toFixed(3)}, ` +
    `${imagesPerSecond.toFixed(1)} images/s, ${duration(secondsLeft)} left`
  );
}

export function summaryText(summary: Summary, out: string): string {
  const { interrupted, epochs, steps, seconds, train_loss, train_accuracy, eval_epoch, eval_accuracy } =
    summary;
  const trained =
    train_loss === null || train_accuracy === null
      ? ''
      : `: train loss ${train_loss.toFixed(4)}, train accuracy ${train_accuracy.toFixed(3)}`;
  const evaluated = eval_accuracy === null ? '' : `, eval accuracy ${eval_accuracy.toFixed(3)}`;
  const when =
    eval_epoch === null || (eval_epoch === epochs && !interrupted) ? '' : ` (after epoch ${eval_epoch})`;
  return [
    `${interrupted ? 'stopped' : 'done'} after ${count(epochs, 'epoch')} (${count(steps, 'step')}) in ${duration(seconds)}` +
      `${trained}${evaluated}${when}`,
    `wrote last.pt, summary.json, metrics.jsonl, curves.svg and curves.png to ${out}`,
    interrupted
      ? `next: npx xception overfit --resume ${out}`
      : `next: npx xception predict PHOTO --weights ${out}/last.pt`,
  ].join('\n');
}
