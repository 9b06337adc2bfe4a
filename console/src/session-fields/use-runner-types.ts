import { useQuery } from '@apollo/client/react';
import { RunnerTypesDocument, type RunnerTypesQuery } from '../generated/graphql.ts';
import { sessionFields as text } from '../text/session-fields.ts';

export type RunnerType = NonNullable<RunnerTypesQuery['runnerTypes']>[number];

/** The runner type of a session by its name; null stands for the default. Undefined until they are read, or if it is none of them. */
export function useRunnerTypes(): (runnerType: string | null) => RunnerType | undefined {
  const { data } = useQuery(RunnerTypesDocument);
  const types = data?.runnerTypes ?? [];
  return (runnerType) =>
    types.find(({ name, isDefault }) => (runnerType === null ? isDefault : name === runnerType));
}

/** The runner type and the model of a session in words. What is not set is the default. */
export function useRunnerWords(runnerType: string | null, model: string | null | undefined) {
  const type = useRunnerTypes()(runnerType);
  const name = type?.displayName;
  return {
    runner: runnerType === null ? text.defaultRunner(name) : (name ?? runnerType),
    model: model ?? text.defaultModel(type?.defaultModel),
  };
}
