// Light or dark, in one press.
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

export function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="scheme"
      aria-label={`Switch to ${other}`}
      onClick={() => setColorScheme(other)}
    >
      {scheme === 'dark' ? 'Light' : 'Dark'}
    </button>
  );
}
