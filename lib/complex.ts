/** A complex number, as `item()` of a complex tensor gives it. */
export class Complex {
  constructor(
    readonly re: number,
    readonly im: number,
  ) {
    Object.freeze(this);
  }

  toString(): string {
    const sign = this.im < 0 || Object.is(this.im, -0) ? '-' : '+';
    return `(${this.re}${sign}${Math.abs(this.im)}j)`;
  }
}
