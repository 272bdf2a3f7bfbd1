// What stands in a page's place while it is being fetched, when that failed, and when there is none.
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';

export function PagePending() {
  return (
    <>
      <h1 className="sr">Glassworks</h1>
      <Loading label="Loading the page" />
    </>
  );
}

/** Trying again loads the whole page anew, but only from a server that answers: else this message would be lost. */
export function PageFailed({ error }: { error: unknown }) {
  const again = async () => {
    const answer = await fetch('/healthz').catch(() => null);
    if (answer?.ok) location.reload();
  };
  const { message = 'This page could not be shown.', detail = '' } = error as {
    message?: string;
    detail?: string;
  };
  return <Failed isPage title={message} detail={detail} retry={again} />;
}

export function NoSuchPage() {
  return (
    <Failed
      isPage
      title="There is no page at this address."
      detail="It may have been moved, or the link is incomplete."
      action={{ label: 'Go home', to: '/' }}
    />
  );
}
