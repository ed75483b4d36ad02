// Draws the figure. The drawing libraries are loaded when the first figure is asked for: they cost half a second.

import { fileURLToPath } from 'node:url';
import { curvesSpec, FONT } from './curves.js';
import type { EpochMetrics } from './metrics.js';
import type { Summary } from './summary.js';

export async function curvesSvg(history: readonly EpochMetrics[], summary: Summary): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const runtime = vega.parse(vegaLite.compile(curvesSpec(history, summary)).spec);
  return new vega.View(runtime, { renderer: 'none' }).toSVG();
}

/** Twice the SVG's size. */
export async function curvesPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const fontFiles = fonts();
  const font = { loadSystemFonts: fontFiles.length === 0, fontFiles, defaultFontFamily: FONT };
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font }).render().asPng();
}

/** The font comes along: a server often has none, and the letters would be missing. */
function fonts(): string[] {
  const files = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];
  try {
    return files.map((file) => fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)));
  } catch {
    return [];
  }
}
