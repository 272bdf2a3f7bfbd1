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
    <section className={isPage ? 'empty' : 'finding bad'} role="alert">
      <Title className={isPage ? 'teacher' : 'h-pane'}>{title}</Title>
      {detail && (
        <p className="muted failed-detail">
          <WithCode text={detail} />
        </p>
      )}
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

/** A hint of the server, which writes commands as `code`. */
function WithCode({ text }: { text: string }) {
  return text.split('`').map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part));
}
