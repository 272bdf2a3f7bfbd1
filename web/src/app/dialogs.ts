// Which of the shell's dialogs is open: at most one, opened by its key, a button or the palette.
import { useLayoutEffect } from 'react';
import { create } from 'zustand';

type Dialog = 'palette' | 'shortcuts' | null;

interface DialogState {
  open: Dialog;
  setOpen: (open: Dialog) => void;
}

export const useDialogs = create<DialogState>(set => ({ open: null, setOpen: open => set({ open }) }));

/** The keys that work on every page. They listen before the page is painted: whoever sees it can use them. */
export function useShellKeys(): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { open, setOpen } = useDialogs.getState();
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey))
        setOpen(open === 'palette' ? null : 'palette');
      else if (event.key === '?' && !isTyping(event.target) && open === null) setOpen('shortcuts');
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
