// The page `style`.
export function StylePage() {
  return <h1 className="title">StylePage</h1>;
}
