// The page `runs`.
export function RunsPage() {
  return <h1 className="title">RunsPage</h1>;
}
