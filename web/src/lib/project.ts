// Which project the pages show; remembered in this browser.
import { create } from 'zustand';

const KEY = 'glassworks-project';

interface ProjectState {
  project: string;
  setProject: (name: string) => void;
}

export const useProject = create<ProjectState>(set => ({
  project: localStorage.getItem(KEY) || 'default',
  setProject: name => {
    localStorage.setItem(KEY, name);
    set({ project: name });
  },
}));
