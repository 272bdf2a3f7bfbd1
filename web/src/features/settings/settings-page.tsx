// The page `settings`.
export function SettingsPage() {
  return <h1 className="title">SettingsPage</h1>;
}
