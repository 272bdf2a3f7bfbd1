// The page `playground`.
export function PlaygroundPage() {
  return <h1 className="title">PlaygroundPage</h1>;
}
