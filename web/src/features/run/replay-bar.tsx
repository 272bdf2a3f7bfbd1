// A finished run played again, at 1 to 50 times its pace. Space plays and pauses.
import { useEffect, useMemo, useState } from 'react';
import type { RunState } from '@/lib/api/schema';
import { duration } from '@/lib/format';
import type { StepRow } from '@/lib/live/run-log';
import { elapsed, replayTo } from '@/lib/replay';
import classes from './run.module.css';

const SPEEDS = [1, 5, 10, 25, 50];
const TICK_MS = 80;

export interface Replay {
  isOn: boolean;
  isPlaying: boolean;
  at: number;
  total: number;
  speed: number;
  shown: { rows: readonly StepRow[]; state: RunState };
  start: () => void;
  stop: () => void;
  toggle: () => void;
  seek: (seconds: number) => void;
  setSpeed: (speed: number) => void;
}

export function useReplay(rows: readonly StepRow[], state: RunState): Replay {
  const [isOn, setIsOn] = useState(false);
  const [isPlaying, setIsPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(25);
  const times = useMemo(() => (isOn ? elapsed(rows) : []), [isOn, rows]);
  const total = times.at(-1) ?? 0;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => setAt(now => Math.min(total, now + (speed * TICK_MS) / 1000)), TICK_MS);
    return () => clearInterval(timer);
  }, [isPlaying, speed, total]);
  useEffect(() => {
    if (isPlaying && at >= total) setIsPlaying(false);
  }, [at, total, isPlaying]);
  const shown = useMemo(
    () => (isOn ? replayTo(rows, times, state, at) : { rows, state }),
    [isOn, rows, times, state, at],
  );
  return {
    isOn,
    isPlaying,
    at,
    total,
    speed,
    shown,
    start: () => {
      setAt(0);
      setIsOn(true);
      setIsPlaying(true);
    },
    stop: () => {
      setIsOn(false);
      setIsPlaying(false);
    },
    toggle: () => {
      if (at >= total) setAt(0);
      setIsPlaying(!isPlaying);
    },
    seek: setAt,
    setSpeed,
  };
}

export function ReplayBar({ replay }: { replay: Replay }) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isElsewhere = (event.target as HTMLElement).closest(
        'input, textarea, select, button, a, [role=dialog]',
      );
      if (event.key === ' ' && !isElsewhere) {
        event.preventDefault();
        replay.toggle();
      }
      if (event.key === 'Escape') replay.stop();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  return (
    <section className={classes.replay} aria-label="Replay">
      <span className="tag">replay: this run is done</span>
      <button type="button" className="btn sm" onClick={replay.toggle}>
        {replay.isPlaying ? 'Pause' : 'Play'}
      </button>
      <input
        className="slider"
        type="range"
        min={0}
        max={Math.max(replay.total, 0.1)}
        step="any"
        value={replay.at}
        aria-label="Time in the run"
        aria-valuetext={duration(replay.at)}
        style={{ '--fill': `${(100 * replay.at) / Math.max(replay.total, 0.1)}%` } as React.CSSProperties}
        onChange={event => replay.seek(Number(event.target.value))}
      />
      <span className="num note nowrap">
        {duration(replay.at)} of {duration(replay.total)}
      </span>
      <fieldset className="segmented" aria-label="Pace">
        {SPEEDS.map(speed => (
          <button
            key={speed}
            type="button"
            aria-pressed={replay.speed === speed}
            onClick={() => replay.setSpeed(speed)}
          >
            {speed}×
          </button>
        ))}
      </fieldset>
      <button type="button" className="btn quiet sm" onClick={replay.stop}>
        Back to the end
      </button>
    </section>
  );
}
