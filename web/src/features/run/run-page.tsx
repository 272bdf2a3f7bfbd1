// The page `run`.
export function RunPage() {
  return <h1 className="title">RunPage</h1>;
}
