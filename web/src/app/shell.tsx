// What stands round every page: the rail, the bar of a phone, the way past both for the keyboard.
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useLiveRuns } from '@/lib/live/hooks';
import { useProject } from '@/lib/project';
import { Mark } from '@/ui/mark';
import { SchemeButton } from '@/ui/scheme-button';
import { ConnectionNote } from './connection-note';
import { useDialogs, useShellKeys } from './dialogs';
import { NAV } from './nav';
import { News } from './news';
import { Palette } from './palette/palette';
import { ProjectSwitch } from './project-switch';
import classes from './shell.module.css';
import { Shortcuts } from './shortcuts';
import { Toasts } from './toasts';

/** The page of the address, or `children`. */
export function Shell({ children }: { children?: ReactNode }) {
  const { project } = useProject();
  const { setOpen } = useDialogs();
  useShellKeys();
  const isTraining = useLiveRuns(project).some(run => run.status === 'running');
  const path = useLocation({ select: location => location.pathname });
  const isHere = (to: string) => (to === '/' ? path === '/' : path.startsWith(to));
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="topbar">
        <Brand />
        <span className="grow" />
        <button
          type="button"
          className="scheme"
          aria-label="Search or command"
          onClick={() => setOpen('palette')}
        >
          Search
        </button>
        <News />
        <SchemeButton />
      </header>
      <nav className="nav" aria-label="Pages">
        <Brand />
        <ul className="nav-line">
          {NAV.map(place => (
            <li key={place.to}>
              <Link className="stop" to={place.to} aria-current={isHere(place.to) ? 'page' : undefined}>
                {place.label}
                {place.to === '/runs' && isTraining && (
                  <span className="live" role="img" aria-label="something is running" />
                )}
              </Link>
            </li>
          ))}
        </ul>
        <div className={`nav-foot ${classes.foot}`}>
          <ProjectSwitch />
          <News />
          <SchemeButton />
        </div>
      </nav>
      <main className="main" id="main" tabIndex={-1}>
        <ConnectionNote />
        {children ?? <Outlet />}
      </main>
      <nav className="tabbar" aria-label="Pages, at the bottom">
        {NAV.map(place => (
          <Link key={place.to} to={place.to} aria-current={isHere(place.to) ? 'page' : undefined}>
            {place.icon}
            {place.label}
            {place.to === '/runs' && isTraining && <span className="live" />}
          </Link>
        ))}
      </nav>
      <Palette />
      <Shortcuts />
      <Toasts />
    </div>
  );
}

function Brand() {
  return (
    <Link className="brand" to="/">
      <Mark />
      Glassworks
    </Link>
  );
}
