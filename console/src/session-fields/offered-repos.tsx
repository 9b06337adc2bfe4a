import { useQuery } from '@apollo/client/react';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';
import { Menu } from '../components/menu.tsx';
import { OfferedReposDocument } from '../generated/graphql.ts';
import { sessionFields as text } from '../text/session-fields.ts';
import type { Repo } from './session-values.ts';

interface OfferedReposProps {
  project: string;
  /** Those that were added. */
  repos: readonly Repo[];
  onAdd(repo: Repo): void;
}

/** Adds a repository of the project's settings. Nothing if there are no others, or the user may not read them. */
export function OfferedRepos({ project, repos, onAdd }: OfferedReposProps) {
  const { data } = useQuery(OfferedReposDocument, { variables: { project }, ...READ_WHEN_OPENED });
  const offered = data?.project?.settings?.repositories ?? [];
  const others = offered.filter(({ url, branch }) =>
    repos.every((repo) => repo.url !== url || repo.branch !== (branch ?? '')),
  );
  if (others.length === 0) return null;
  return (
    <Menu
      label={text.offeredReposLabel}
      trigger={text.offeredRepos}
      items={others.map(({ url, branch }) => ({
        id: `${url} ${branch}`,
        label: url,
        description: branch ? text.ofBranch(branch) : text.defaultBranch,
        onAction: () => onAdd({ url, branch: branch ?? '', autoPush: false }),
      }))}
    />
  );
}
