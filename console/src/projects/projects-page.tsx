import { useState } from 'react';
import { useRights } from '../access/use-rights.ts';
import { problemsAt } from '../apollo/errors.ts';
import { useLongList } from '../apollo/use-long-list.ts';
import { projectPath } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { DelayedSearchField } from '../components/delayed-search-field.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Page } from '../components/page.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import '../components/row-link.css';
import { ObjectLink } from '../components/object-link.tsx';
import { Rows } from '../components/rows.tsx';
import { Spinner } from '../components/spinner.tsx';
import { MayCreateProjectDocument, type ProjectRowFragment, ProjectsDocument } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
import { projects as text } from '../text/projects.ts';
import { CreateProjectDialog } from './create-project-dialog.tsx';
import './projects.css';

const PAGE_SIZE = 50;

export function ProjectsPage() {
  const [search, setSearch] = useState('');
  const [isCreating, setCreating] = useState(false);
  const wanted = search.trim();
  const { mayCreateProject: review } = useRights(MayCreateProjectDocument, {});
  const list = useLongList(ProjectsDocument, {
    variables: { search: wanted || null },
    pageSize: PAGE_SIZE,
    connectionOf: ({ projects }) => projects,
  });
  const { error, isLoading } = list;
  const projects = list.data?.projects;
  const create = (
    <Button variant="primary" isDisabled={review?.allowed === false} onPress={() => setCreating(true)}>
      {text.create}
    </Button>
  );
  return (
    <Page title={text.title} actions={create}>
      {review?.allowed === false && (
        <p className="page-hint">
          {text.mayNotCreate} {review.remedy?.description}
        </p>
      )}
      <div className="toolbar">
        <DelayedSearchField label={text.search} value={search} onChange={setSearch} />
        {projects?.edges && (
          <span className="count" role="status">
            {text.count(projects.edges.length, projects.totalCount)}
          </span>
        )}
      </div>
      <ErrorNotice error={problemsAt(error, 'projects')} onRetry={list.readAgain} />
      {!projects && isLoading && <Spinner />}
      {projects?.edges && (
        <ProjectList
          projects={projects.edges.flatMap((edge) => edge?.node ?? [])}
          search={wanted}
          isLoading={isLoading}
        />
      )}
      {list.readMore && (
        <Button isPending={isLoading} onPress={list.readMore}>
          {common.loadMore}
        </Button>
      )}
      <CreateProjectDialog isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}

interface ProjectListProps {
  projects: readonly ProjectRowFragment[];
  search: string;
  isLoading: boolean;
}

function ProjectList({ projects, search, isLoading }: ProjectListProps) {
  const empty = isLoading ? (
    <Spinner />
  ) : (
    <EmptyState {...(search === '' ? text.empty : text.noMatch(search))} />
  );
  return (
    <Rows label={text.list} items={projects} empty={empty} className="project-list">
      {(project) => <ProjectRow key={project.id} project={project} />}
    </Rows>
  );
}

function ProjectRow({ project }: { project: ProjectRowFragment }) {
  const { name, displayName, description, projectPhase, createdAt } = project;
  return (
    <li className="row-link">
      <div className="row-main">
        <ObjectLink href={projectPath(name)} name={name} displayName={displayName} />
        {projectPhase === 'TERMINATING' && <em>{text.terminating}</em>}
        {description && <p>{description}</p>}
      </div>
      <span className="row-side">
        <RelativeTime time={createdAt} />
      </span>
    </li>
  );
}
