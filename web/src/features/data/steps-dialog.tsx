// The steps of a cleaning as a list that can be changed: on and off, up and down, their settings, another one; then it is
// cleaned anew from what was read, which makes the next version. What was put back waits at the foot of the pane.
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { CleaningView } from '@/lib/api/schema';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { type ChosenStep, cleanAgain } from './clean-again';
import classes from './data.module.css';
import { StepsList } from './steps-list';

interface StepsDialogProps {
  name: string;
  report: CleaningView;
  /** What was cleaned: the artifact that was read; null when nobody knows it any more. */
  raw: string | null;
  putBack: readonly string[];
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
  onForget: () => void;
}

export function StepsDialog(props: StepsDialogProps) {
  const { name, report, raw, putBack, isOpen } = props;
  const { project } = useProject();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const before = useQuery({
    queryKey: ['run', report.run, 'detail'],
    queryFn: () => data(api.GET('/api/runs/{run}', { params: { path: { run: report.run } } })),
    retry: false,
  });
  const kept = (before.data?.nodes[0]?.config.put_back as string[] | undefined) ?? [];
  const start = async (steps: readonly ChosenStep[]) => {
    if (!raw) return;
    setIsBusy(true);
    setProblem(null);
    try {
      await cleanAgain(name, project, raw, steps, [...new Set([...kept, ...putBack])]);
      props.onForget();
      props.onClose();
    } catch (error) {
      setProblem(error as ProblemError);
    }
    setIsBusy(false);
  };
  const isGone = raw === null;
  const gone = (
    <Failed
      title="What was read is no longer known."
      detail="The run that cleaned it was deleted. Bring the files again, then clean with other steps."
      action={{ label: 'To the datasets', to: '/data' }}
    />
  );
  return (
    <>
      {putBack.length > 0 && (
        <div className={`row wrap ${classes.waiting}`} role="status">
          <span>
            {putBack.length === 1 ? 'One document is' : `${putBack.length} documents are`} to be put back.
          </span>
          <span className="grow" />
          <button type="button" className="btn quiet sm" onClick={props.onForget}>
            Forget it
          </button>
          <button
            type="button"
            className="btn sm"
            disabled={isBusy || before.isPending}
            onClick={() => void start(stepsOf(report))}
          >
            Put back and clean again
          </button>
        </div>
      )}
      {putBack.length > 0 && isGone && gone}
      {problem && !isOpen && <Failed title={problem.message} detail={problem.detail} />}
      <Modal opened={isOpen} onClose={props.onClose} title="Steps of cleaning" size="lg" centered>
        {isGone ? (
          gone
        ) : (
          <StepsList
            first={stepsOf(report)}
            isBusy={isBusy || before.isPending}
            problem={problem}
            onStart={steps => void start(steps)}
            onClose={props.onClose}
          />
        )}
      </Modal>
    </>
  );
}

function stepsOf(report: CleaningView): ChosenStep[] {
  return report.steps.map(step => ({ kind: step.kind, settings: step.settings, isOn: true }));
}
