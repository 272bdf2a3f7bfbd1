// What a chart over steps is given.

export interface ChartSeries {
  label: string;
  values: (number | null)[];
  /** A colour of the theme, e.g. `--cat-1`. */
  color: string;
  look: 'line' | 'raw' | 'points' | 'dashed';
  /** How far each value could be off: a stroke from one to the other. */
  low?: (number | null)[];
  high?: (number | null)[];
  isLive?: boolean;
}

export interface ChartMark {
  step: number;
  label: string;
  color: string;
}

/** A stretch of steps that explains itself: ground behind the curve. */
export interface ChartBand {
  from: number;
  to: number;
}

export interface TimeChartProps {
  steps: number[];
  series: ChartSeries[];
  /** The whole planned run is on the axis. */
  lastStep: number;
  height: number;
  /** What the picture shows, in one sentence. */
  label: string;
  isLog?: boolean;
  levels?: { value: number; label: string }[];
  marks?: ChartMark[];
  bands?: readonly ChartBand[];
  zoom: [number, number] | null;
  onZoom: (range: [number, number] | null) => void;
  onHover: (step: number | null) => void;
  /** A step was clicked; a drag and a double click are none. */
  onPick?: (step: number) => void;
  format: (value: number) => string;
}
