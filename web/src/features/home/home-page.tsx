// The page `home`.
export function HomePage() {
  return <h1 className="title">HomePage</h1>;
}
