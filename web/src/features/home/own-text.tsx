// "Use my own text", wired: the dialog of the widget, the upload, and the run that it becomes.
import { useNavigate } from '@tanstack/react-router';
import { orderRun } from '@/lib/order';
import { useProject } from '@/lib/project';
import { upload } from '@/lib/upload';
import { OwnTextDialog } from '@/widgets/own-text-dialog/own-text-dialog';

export function OwnText({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const { project } = useProject();
  return (
    <OwnTextDialog
      isOpen={isOpen}
      onClose={onClose}
      send={async (file, name, onProgress, signal) => {
        const id = await upload(file, onProgress, signal);
        const runId = await orderRun({ project, name, upload: id });
        await navigate({ to: '/runs/$runId', params: { runId } });
      }}
    />
  );
}
