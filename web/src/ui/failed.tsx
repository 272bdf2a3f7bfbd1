// Something failed: what, why, what to do, in place. What was typed elsewhere stays.
import { Link } from '@tanstack/react-router';

interface FailedProps {
  title: string;
  detail?: string | undefined;
  retry?: (() => void) | undefined;
  action?: { label: string; to: string } | undefined;
  /** It stands in a whole page's place, so its title is the page's. */
  isPage?: boolean;
}

export function Failed({ title, detail, retry, action, isPage = false }: FailedProps) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <section className="finding bad" role="alert">
      <Title className="h-pane">{title}</Title>
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
