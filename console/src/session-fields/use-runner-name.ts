import { useQuery } from '@apollo/client/react';
import { RunnerTypesDocument } from '../generated/graphql.ts';

/** Runner types by the names that people know; null stands for the default. Nothing until they are read. */
export function useRunnerName(): (runnerType: string | null) => string {
  const { data } = useQuery(RunnerTypesDocument);
  const types = data?.runnerTypes ?? [];
  return (runnerType) => {
    const found = types.find(({ name, isDefault }) =>
      runnerType === null ? isDefault : name === runnerType,
    );
    return found?.displayName ?? runnerType ?? '';
  };
}
