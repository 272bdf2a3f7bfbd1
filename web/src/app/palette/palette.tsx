// The command palette; Ctrl or Cmd with K opens it.
export function Palette() {
  return null;
}
