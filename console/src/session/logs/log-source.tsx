import { Select } from '../../components/select.tsx';
import type { SessionPodFragment } from '../../generated/graphql.ts';
import { logs as text } from '../../text/logs.ts';

export interface Source {
  /** Undefined: the log of the session as it is written. */
  pod: string | undefined;
  /** Null: the default of the pod. */
  container: string | null;
  /** Whether it is the log before the last restart. */
  isPrevious: boolean;
}

interface LogSourceProps {
  pods: readonly SessionPodFragment[];
  source: Source;
  onChange(source: Source): void;
}

const FOLLOWED = '';
const DEFAULT = '';
/** No name of a container has it. */
const PREVIOUS = '/previous';

/** Which log is shown: of all runs or of one pod, and of which container. */
export function LogSource({ pods, source, onChange }: LogSourceProps) {
  const chosen = pods.find(({ name }) => name === source.pod);
  const shown = chosen ?? pods[0];
  const containers = [...(shown?.containers ?? []), ...(shown?.initContainers ?? [])];
  const previous = chosen ? containers.filter(({ restartCount }) => restartCount > 0) : [];
  const options = [
    ...containers.map(({ name }) => ({ id: name, label: name })),
    ...previous.map(({ name }) => ({ id: name + PREVIOUS, label: text.previous.label(name) })),
  ];
  const value = (source.container ?? DEFAULT) + (source.isPrevious ? PREVIOUS : '');
  return (
    <>
      <Select
        label={text.source}
        hidesLabel
        value={source.pod ?? FOLLOWED}
        options={[
          { id: FOLLOWED, ...text.followed },
          ...pods.map(({ name, run }) => ({ id: name, label: text.podOption(run, name) })),
        ]}
        onChange={(pod) => onChange({ pod: pod || undefined, container: null, isPrevious: false })}
      />
      {options.length > 1 && (
        <Select
          label={text.container}
          hidesLabel
          value={value}
          options={[{ id: DEFAULT, label: text.defaultContainer }, ...options]}
          onChange={(id) =>
            onChange({
              pod: source.pod,
              container: id.replace(PREVIOUS, '') || null,
              isPrevious: id.endsWith(PREVIOUS),
            })
          }
        />
      )}
    </>
  );
}
