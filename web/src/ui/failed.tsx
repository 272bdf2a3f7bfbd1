// Something failed: what, why, what to do, in place. What was typed elsewhere stays.
import { Link } from '@tanstack/react-router';

interface FailedProps {
  title: string;
  detail?: string | undefined;
  retry?: (() => void) | undefined;
  action?: { label: string; to: string } | undefined;
}

export function Failed({ title, detail, retry, action }: FailedProps) {
  return (
    <section className="finding bad" role="alert">
      <h2 className="h-pane">{title}</h2>
      {detail && <p className="muted failed-detail">{detail}</p>}
      <div className="row failed-actions">
        {retry && (
          <button type="button" className="btn sm" onClick={retry}>
            Try again
          </button>
        )}
        {action && (
          <Link className="btn sm" to={action.to}>
            {action.label}
          </Link>
        )}
      </div>
    </section>
  );
}
